// YAML whose formulas have the colours of formulas.

import { yamlLanguage } from "@codemirror/lang-yaml";
import { LanguageSupport } from "@codemirror/language";
import { type Input, parseMixed, type SyntaxNodeRef } from "@lezer/common";
import { formulaLanguage } from "./formula-mode";

/** Keys whose values are formulas. */
export const FORMULA_KEYS = new Set(["formula", "applies_if"]);

const VALUES = new Set(["Literal", "QuotedLiteral", "BlockLiteralContent"]);

/** Is it the value of a key that holds a formula? */
function isFormula(ref: SyntaxNodeRef, input: Input): boolean {
    let value = ref.node;
    if (value.name === "BlockLiteralContent" && value.parent !== null) value = value.parent;
    const key = value.parent?.name === "Pair" ? value.parent.getChild("Key") : null;
    return key !== null && FORMULA_KEYS.has(input.read(key.from, key.to));
}

const language = yamlLanguage.configure({
    wrap: parseMixed((ref, input) =>
        VALUES.has(ref.name) && isFormula(ref, input) ? { parser: formulaLanguage.parser } : null,
    ),
});

/** The text of a criteria set. */
export function yaml(): LanguageSupport {
    return new LanguageSupport(language);
}
