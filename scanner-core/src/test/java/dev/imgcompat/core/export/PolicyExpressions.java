package dev.imgcompat.core.export;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.NullValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * Evaluates the expressions of one policy, in Google's CEL for Java, with what Kubernetes and
 * Kyverno give them: object, oldObject, params, variables, JSONPatch, and resource.Get of
 * ConfigMaps.
 */
final class PolicyExpressions {
  private static final String PATCH = "JSONPatch";
  private static final Set<String> PATCH_FIELDS = Set.of("op", "path", "from", "value");

  private final JsonNode spec;
  private final Map<String, Map<String, Object>> configMaps;
  private final Cel cel;

  /**
   * A policy.
   *
   * @param policy the manifest
   * @param configMaps by namespace/name
   */
  PolicyExpressions(JsonNode policy, Map<String, Map<String, Object>> configMaps) {
    spec = policy.path("spec");
    this.configMaps = configMaps;
    CelType map = MapType.create(SimpleType.STRING, SimpleType.DYN);
    cel =
        CelFactory.plannerCelBuilder()
            .setOptions(CelOptions.current().enableHeterogeneousNumericComparisons(true).build())
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addCompilerLibraries(CelExtensions.strings())
            .addRuntimeLibraries(CelExtensions.strings())
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("params", SimpleType.DYN)
            .addVar("variables", map)
            .addVar("resource", SimpleType.DYN)
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "Get",
                    CelOverloadDecl.newMemberOverload(
                        "resource_get",
                        map,
                        SimpleType.DYN,
                        SimpleType.STRING,
                        SimpleType.STRING,
                        SimpleType.STRING,
                        SimpleType.STRING)))
            .addFunctionBindings(
                CelFunctionBinding.from(
                    "resource_get",
                    List.of(Map.class, String.class, String.class, String.class, String.class),
                    // The receiver is what the variable holds: the ConfigMaps.
                    args -> {
                      Object found = ((Map<?, ?>) args[0]).get(args[3] + "/" + args[4]);
                      if (found == null) {
                        throw new IllegalStateException("not found: " + args[4]);
                      }
                      return found;
                    }))
            .setTypeProvider(new PatchType())
            .setValueProvider(
                (type, fields) ->
                    type.equals(PATCH) ? Optional.of(new TreeMap<>(fields)) : Optional.empty())
            .build();
  }

  /** The manifest's spec. */
  JsonNode spec() {
    return spec;
  }

  /** Whether every match condition holds. */
  boolean matches(Map<String, Object> object) {
    return spec.path("matchConditions")
        .valueStream()
        .allMatch(c -> (Boolean) evaluate(c.path("expression").asString(), activation(object)));
  }

  /** What a pod, or a change of one, is given to be judged by; with the variables. */
  Map<String, Object> context(
      Map<String, Object> object, Map<String, Object> old, Map<String, Object> params) {
    Map<String, Object> context = activation(object);
    context.put("oldObject", old.isEmpty() ? NullValue.NULL_VALUE : old);
    context.put("params", params);
    context.put("resource", configMaps);
    Map<String, Object> variables = new LinkedHashMap<>();
    context.put("variables", variables);
    spec.path("variables")
        .valueStream()
        .forEach(
            v ->
                variables.put(
                    v.path("name").asString(), evaluate(v.path("expression").asString(), context)));
    return context;
  }

  Object evaluate(String expression, Map<String, Object> context) {
    try {
      CelAbstractSyntaxTree ast = cel.compile(expression).getAst();
      requireHomogeneousLists(ast);
      return cel.createProgram(ast).eval(context);
    } catch (CelValidationException | CelEvaluationException e) {
      throw new AssertionError(expression, e);
    }
  }

  /**
   * As cel-go requires of the API server's expressions since 1.29; it takes unknown and text for
   * two types, where Java's validator of the same name does not.
   */
  private static void requireHomogeneousLists(CelAbstractSyntaxTree ast) {
    CelNavigableAst.fromAst(ast)
        .getRoot()
        .allNodes()
        .filter(n -> n.getKind() == CelExpr.ExprKind.Kind.LIST)
        .forEach(
            list -> {
              if (list.children().map(e -> ast.getType(e.id())).distinct().count() > 1) {
                throw new AssertionError("a list of several types: " + list.expr());
              }
            });
  }

  private static Map<String, Object> activation(Map<String, Object> object) {
    Map<String, Object> activation = new LinkedHashMap<>();
    activation.put("object", object);
    return activation;
  }

  /** The type that mutations make. */
  private static final class PatchType implements CelTypeProvider {
    private static final StructType TYPE =
        StructType.create(
            PATCH, ImmutableSet.copyOf(PATCH_FIELDS), field -> Optional.of(SimpleType.DYN));

    @Override
    public ImmutableCollection<CelType> types() {
      return ImmutableList.of(TYPE);
    }

    @Override
    public Optional<CelType> findType(String name) {
      return name.equals(PATCH) ? Optional.of(TYPE) : Optional.empty();
    }
  }
}
