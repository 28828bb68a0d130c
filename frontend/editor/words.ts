// The words that may be written, as the server gives them, and how they are found.

/** What is written (`code`), what it means, its unit of measure or usage, and what finds it (no accents). */
export interface Word {
    code: string;
    name: string;
    note: string;
    find: string;
}

/** A JSON schema, as far as completing keys and values looks into it. */
export interface Schema {
    $ref?: string;
    $defs?: Record<string, Schema>;
    properties?: Record<string, Schema>;
    additionalProperties?: Schema | boolean;
    items?: Schema;
    anyOf?: Schema[];
    oneOf?: Schema[];
    enum?: string[];
    const?: string;
    then?: Schema;
    else?: Schema;
    description?: string;
}

export interface Words {
    indicators: Word[];
    functions: Word[];
    operators: Word[];
    atoms: Word[];
    sets: Word[];
    schema: Schema;
    values: Record<string, Word[]>;
}

const asked = new Map<string, Promise<Words>>();

/** The words at an address, asked for once a page. */
export function wordsAt(address: string): Promise<Words> {
    let found = asked.get(address);
    if (found === undefined) {
        found = fetch(address, { headers: { Accept: "application/json" } }).then((answer) => {
            if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
            return answer.json() as Promise<Words>;
        });
        found.catch(() => asked.delete(address));
        asked.set(address, found);
    }
    return found;
}

/** Lower case, no accents, signs as blanks: what the server did to `Word.find`. */
export function plain(text: string): string {
    return text
        .normalize("NFD")
        .replace(/\p{M}/gu, "")
        .toLowerCase()
        .replaceAll("đ", "d")
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
}

/** How well a word is found by what was typed, 0 for not at all: every part must begin a word in it. */
export function rank(word: Word, typed: string): number {
    if (typed === "") return 1;
    const code = plain(word.code);
    if (code === typed) return 4;
    if (code.startsWith(typed)) return 3;
    const text = ` ${word.find}`;
    if (text.includes(` ${typed}`)) return 2;
    return typed.split(" ").every((part) => text.includes(` ${part}`)) ? 1 : 0;
}

/** The schemas that may stand at a path of keys and "[]". */
export function schemasAt(root: Schema, path: readonly string[]): Schema[] {
    let now = alternatives(root, root);
    for (const step of path) {
        now = now.flatMap((schema) => {
            const open = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
            const below = step === "[]" ? schema.items : (schema.properties?.[step] ?? open);
            return below === undefined ? [] : alternatives(below, root);
        });
    }
    return now;
}

function alternatives(schema: Schema, root: Schema): Schema[] {
    if (schema.$ref !== undefined) {
        const found = root.$defs?.[schema.$ref.replace("#/$defs/", "")];
        return found === undefined ? [] : alternatives(found, root);
    }
    const branches = [schema.then, schema.else].filter((branch) => branch !== undefined);
    const several = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...branches];
    return several.length > 0 ? several.flatMap((each) => alternatives(each, root)) : [schema];
}
