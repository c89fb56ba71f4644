package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The file is an executable script.
 *
 * @param interpreter its first line after {@code #!}, such as {@code /usr/bin/env python}
 */
public record ScriptFact(String interpreter) implements FileFact {}
