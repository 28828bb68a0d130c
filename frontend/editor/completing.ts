// What may stand at the position: indicators by code or name, functions, criteria; in YAML keys and values.

import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import { plain, rank, type Schema, schemasAt, type Word, type Words } from "./words";
import { placeAt } from "./yaml-place";

const MOST = 60;
const MOST_TYPED_WORDS = 8;

/** What a formula may refer to beside indicators. */
export interface Scope {
    criteria: readonly string[];
    classes: readonly string[];
}

/** Completion within a formula that begins at `start`; null where there is nothing to say. */
export function inFormula(context: CompletionContext, start: number, words: Words, scope: Scope): CompletionResult | null {
    const before = context.state.sliceDoc(start, context.pos);
    if (/#[^\n]*$/.test(before)) return null;
    const reference = /\b(criterion|result|points)\s*\(\s*([\w.-]*)$/.exec(before);
    if (reference !== null) {
        const [, kind, typed = ""] = reference;
        const found = kind === "criterion" ? scope.criteria.map(bare) : words.sets;
        return offer(context, typed, found, "text");
    }
    const groups: [Word[], string][] = [
        [words.indicators, "variable"],
        [words.functions, "function"],
        [[...words.operators, ...words.atoms, ...classWords(before, scope)], "keyword"],
    ];
    for (const typed of typedPhrases(before)) {
        const found = ordered(typed, groups);
        if (found.length > 0) return { from: context.pos - typed.length, options: found, filter: false };
    }
    if (!context.explicit) return null;
    return { from: context.pos, options: ordered("", groups), filter: false };
}

/** What was just typed, the longest phrase first: names have several words, "tuyen truyen". */
function typedPhrases(before: string): string[] {
    const phrase = /[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]*(?: [\p{L}\p{M}\p{N}_.-]+)*$/u.exec(before)?.[0] ?? "";
    const parts = phrase.split(" ").slice(-MOST_TYPED_WORDS);
    return parts
        .map((_, index) => parts.slice(index).join(" "))
        .filter((typed) => /\p{L}/u.test(typed) && !/^(and|or|not|else)\b/.test(typed));
}

function classWords(before: string, scope: Scope): Word[] {
    return /\bunit\.class\b[^)]*$/.test(before) ? scope.classes.map(bare) : [];
}

function bare(code: string): Word {
    return { code, name: "", note: "", find: plain(code) };
}

/** All that the typed text finds, the best first; a name only where every part begins one of its words. */
function ordered(typed: string, groups: [Word[], string][]): Completion[] {
    const wanted = plain(typed);
    const ranked = groups.flatMap(([words, type]) =>
        words.map((word) => ({ word, type, rank: rank(word, wanted) })).filter((each) => each.rank > 0),
    );
    return ranked
        .sort((a, b) => b.rank - a.rank)
        .slice(0, MOST)
        .map(({ word, type }) => completion(word, type));
}

function completion(word: Word, type: string): Completion {
    const detail = [word.name, word.note].filter((text) => text !== "").join(" · ");
    const made: Completion = { label: word.code, type, detail };
    if (type === "function") made.apply = openBracket;
    return made;
}

/** A function is written with its bracket, and the cursor stands behind it. */
function openBracket(view: EditorView, option: Completion, from: number, to: number): void {
    const isOpen = view.state.sliceDoc(to, to + 1) === "(";
    const insert = isOpen ? option.label : `${option.label}(`;
    view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length + (isOpen ? 1 : 0) } });
}

function offer(context: CompletionContext, typed: string, words: Word[], type: string): CompletionResult | null {
    const options = ordered(typed, [[words, type]]);
    return options.length > 0 ? { from: context.pos - typed.length, options, filter: false } : null;
}

/** Completion in the text of a set. */
export function inYaml(context: CompletionContext, words: Words): CompletionResult | null {
    const { doc } = context.state;
    const place = placeAt(doc, context.pos);
    if (place.kind === "formula") return inFormula(context, doc.lineAt(context.pos).from, words, scopeOf(doc.toString()));
    const typed = doc.sliceString(place.from, context.pos);
    if (typed === "" && !context.explicit && place.kind === "key") return null;
    const schemas = schemasAt(words.schema, place.path);
    const last = place.path.at(-1) === "[]" ? place.path.at(-2) : place.path.at(-1);
    const found =
        place.kind === "key"
            ? schemas.flatMap((schema) => Object.entries(schema.properties ?? {}))
            : schemas.flatMap((schema) => (schema.enum ?? [schema.const ?? ""]).map((code) => [code, {}] as const));
    const known = [...new Map<string, Schema>(found)].filter(([code]) => code !== "").map(([code, { description = "" }]) => {
        return { code, name: description, note: "", find: plain(`${code} ${description}`) };
    });
    const named = place.kind === "value" && last !== undefined ? (words.values[last] ?? []) : [];
    const result = offer(context, typed, [...known, ...named], place.kind === "key" ? "property" : "enum");
    if (result !== null && place.kind === "key") {
        const follows = doc.sliceString(context.pos, context.pos + 1);
        result.options = result.options.map((each) => ({ ...each, apply: follows === ":" ? each.label : `${each.label}: ` }));
    }
    return result;
}

/** The criteria and classes that the text declares, read by their looks. */
function scopeOf(text: string): Scope {
    const [, criteria = ""] = /^criteria:\s*\n([\s\S]*)/m.exec(text) ?? [];
    const [, classes = ""] = /^unit_classes:\s*\n((?: +.*\n?)*)/m.exec(text) ?? [];
    return {
        criteria: [...criteria.matchAll(/^\s*-\s+code:\s*["']?([\w.-]+)/gm)].map(([, code = ""]) => code),
        classes: [...classes.matchAll(/^ {1,4}([\w.-]+):/gm)].map(([, code = ""]) => code),
    };
}
