// Where in a YAML text a position is: under which keys, and whether a key, a value or a formula is written.
//
// Read from the lines above by their indentation, because a text that is being written is seldom sound.

import type { Text } from "@codemirror/state";
import { FORMULA_KEYS } from "./yaml-mode";

/** `path` holds keys, and "[]" for an item of a list; `from` is where the word that is written begins. */
export interface Place {
    kind: "key" | "value" | "formula";
    path: string[];
    from: number;
}

interface Line {
    /** Column of the first dash, or of the key where there is none. */
    start: number;
    /** Column of the key, behind the dashes. */
    column: number;
    dashes: number;
    key: string | null;
    rest: string;
}

const LINE = /^( *)((?:-(?: +|$))*)(?:(["']?)([\w.-]+)\3:(?:\s+|$))?(.*)$/;
const BLOCK = /^[|>][-+\d]*\s*(#.*)?$/;

function read(text: string): Line | null {
    const found = LINE.exec(text);
    if (found === null || text.trim() === "" || text.trim().startsWith("#")) return null;
    const [, blanks = "", dashes = "", , key, rest = ""] = found;
    return {
        start: blanks.length,
        column: blanks.length + dashes.length,
        dashes: dashes.split("-").length - 1,
        key: key ?? null,
        rest,
    };
}

/** The keys above a line whose own key or text begins at `column`, from the outermost. */
function above(doc: Text, lineNumber: number, here: Line): { path: string[]; block: string | null } {
    const path: string[] = [];
    let { column } = here;
    let mayEqual = false;
    let block: string | null = null;
    const enterItems = (line: Line): void => {
        for (let count = line.dashes; count > 0; count -= 1) path.unshift("[]");
        if (line.dashes > 0) {
            column = line.start;
            mayEqual = true;
        }
    };
    enterItems(here);
    for (let number = lineNumber - 1; number >= 1 && (column > 0 || mayEqual); number -= 1) {
        const line = read(doc.line(number).text);
        if (line === null) continue;
        const isParent = line.key !== null && (line.column < column || (mayEqual && line.column === column));
        if (isParent && line.key !== null && !(mayEqual && line.dashes > 0 && line.start === column)) {
            if (path.length === 0 && BLOCK.test(line.rest)) block = line.key;
            path.unshift(line.key);
            column = line.column;
            mayEqual = false;
            enterItems(line);
        } else if (line.dashes > 0 && line.column === column && !mayEqual) {
            enterItems(line);
        }
    }
    return { path, block };
}

/** Goes through what stands before the position on its line, into `{…}` and `[…]`. */
function inside(before: string, path: string[]): { path: string[]; key: string | null; isKey: boolean } {
    const open: { sign: string; path: string[] }[] = [];
    let now = path;
    let key: string | null = null;
    for (const [piece, name] of before.matchAll(/"[^"]*"?|'[^']*'?|([\w.-]+):(?=\s|$)|[{}[\],]/g)) {
        if (name !== undefined) key = name;
        else if (piece === "{" || piece === "[") {
            open.push({ sign: piece, path: now });
            now = key === null ? now : [...now, key];
            if (piece === "[") now = [...now, "[]"];
            key = null;
        } else if (piece === "}" || piece === "]") {
            now = open.pop()?.path ?? now;
            key = null;
        } else if (piece === ",") key = null;
    }
    const innermost = open.at(-1);
    return { path: now, key, isKey: key === null && innermost?.sign !== "[" };
}

/** What is being written at `position`. */
export function placeAt(doc: Text, position: number): Place {
    const line = doc.lineAt(position);
    const before = line.text.slice(0, position - line.from);
    const word = /[\p{L}\p{N}_.-]*$/u.exec(before)?.[0] ?? "";
    const here = read(line.text) ?? { start: before.length, column: before.length, dashes: 0, key: null, rest: "" };
    const { path, block } = above(doc, line.number, here);
    if (block !== null && here.column > 0) {
        return { kind: FORMULA_KEYS.has(block) ? "formula" : "value", path, from: position - word.length };
    }
    if (here.key !== null && FORMULA_KEYS.has(here.key) && before.trimEnd().length > here.column + here.key.length) {
        return { kind: "formula", path: [...path, here.key], from: position - word.length };
    }
    const found = inside(before.slice(Math.min(here.column, before.length)), path);
    const all = found.key === null ? found.path : [...found.path, found.key];
    const last = all.at(-1) ?? "";
    const isFormula = found.key !== null && FORMULA_KEYS.has(last);
    return { kind: isFormula ? "formula" : found.isKey ? "key" : "value", path: all, from: position - word.length };
}
