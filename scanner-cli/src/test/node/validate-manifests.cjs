'use strict';
// Validates Kubernetes manifests, a file of one or more YAML documents, against the schemas of
// kubernetes-models (Kubernetes' own kinds) and of @kubernetes-models/kyverno. Prints a JSON array,
// one entry a document: {apiVersion, kind, name, errors}. A kind without schema is an error; a field
// without schema is not, for these schemas do not forbid any.
const fs = require('fs');
const yaml = require('js-yaml');

/** The class of a kind, from the package that has it. */
async function modelOf(apiVersion, kind) {
  for (const name of ['kubernetes-models', '@kubernetes-models/kyverno']) {
    try {
      const models = await import(`${name}/${apiVersion}`);
      if (models[kind]) {
        return models[kind];
      }
    } catch (e) {
      if (!['ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED', 'ERR_UNSUPPORTED_DIR_IMPORT'].includes(e.code)) {
        throw e;
      }
    }
  }
  return undefined;
}

async function errors(document) {
  const Model = await modelOf(document.apiVersion, document.kind);
  if (!Model) {
    return [`no schema for ${document.apiVersion} ${document.kind}`];
  }
  try {
    new Model(document).validate();
    return [];
  } catch (e) {
    return (e.errors || [e]).map(x => `${x.instancePath || ''} ${x.message}`.trim());
  }
}

(async () => {
  const results = [];
  for (const document of yaml.loadAll(fs.readFileSync(process.argv[2], 'utf8'))) {
    if (document === null || document === undefined) {
      continue; // comments only, which kubectl passes over, too
    }
    const manifest = document;
    const isManifest = typeof manifest.apiVersion === 'string' && typeof manifest.kind === 'string';
    results.push({
      apiVersion: manifest.apiVersion,
      kind: manifest.kind,
      name: manifest.metadata && manifest.metadata.name,
      errors: isManifest ? await errors(manifest) : ['neither apiVersion nor kind']
    });
  }
  process.stdout.write(JSON.stringify(results));
})();
