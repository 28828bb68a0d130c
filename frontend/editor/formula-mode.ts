// The colours of the formula language. Only its words are told apart here: what is right the server says.

import { LanguageSupport, StreamLanguage, type StringStream } from "@codemirror/language";

const OPERATOR_WORDS = new Set(["and", "or", "not", "else"]);
const OUTCOMES = new Set(["met", "not_met", "not_applicable", "no_data", "not_judged", "not_due"]);

/** The name of the colour of the next piece; null for none. */
function token(stream: StringStream): string | null {
    if (stream.eatSpace()) return null;
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^\d[\d_]*(\.[\d_]+)?([ \t]*%)?/)) return "number";
    if (stream.match(/^[A-Za-z][A-Za-z0-9_]*([.-][A-Za-z0-9_]+)*/)) return word(stream);
    if (stream.match(/^([<>!]=|[=<>]|[+\-*/])/)) return "operator";
    if (stream.match(/^[()]/)) return "bracket";
    stream.next();
    return null;
}

function word(stream: StringStream): string {
    const text = stream.current();
    if (OPERATOR_WORDS.has(text)) return "keyword";
    if (OUTCOMES.has(text) || text === "unit.class") return "atom";
    if (stream.match(/^\s*\(/, false)) return "keyword";
    if (stream.match(/^\s*:/, false)) return "propertyName";
    return "variableName";
}

export const formulaLanguage = StreamLanguage.define({
    name: "formula",
    token,
    languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["("] } },
});

/** Formulas by themselves. */
export function formula(): LanguageSupport {
    return new LanguageSupport(formulaLanguage);
}
