// Builds what the pages load: one style sheet, the fonts it names, the icons it masks with, one script.
// Everything lands in build/static/kieumau, which git ignores and Django collects.
//
// The font's @font-face rules come from @fontsource's own style sheets, so that its Unicode ranges
// stay those of the files; we keep the weights we use and only the woff2 format.
//
// What a page loads at once is kieumau.js; the rest is cut into chunks that it fetches when an element
// needs them. A chunk carries a hash of its own in its name, so that Django's hashing of names leaves the
// addresses inside the scripts alone: a changed chunk changes its name, and with it the file that asks for it.

import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const goal = join(root, "build", "static", "kieumau");
// Built beside it and put in its place when whole, so that nobody is served a half.
const output = join(root, "build", `static.${process.pid}`, "kieumau");
// The face of the pages, and that of formulas: on many machines the one of the system lacks Vietnamese letters.
const FACES = [
    { name: "be-vietnam-pro", weights: [400, 600] },
    { name: "noto-sans-mono", weights: [400] },
];
const SUBSETS = /-(latin|latin-ext|vietnamese)-\d+-/;

/** The @font-face rules of the weights and letters we use, and the files they need. */
function fonts() {
    const files = [];
    const rules = FACES.flatMap(({ name, weights }) =>
        weights.flatMap((weight) => {
            const folder = join(modules, "@fontsource", name);
            const all = readFileSync(join(folder, `${weight}.css`), "utf8").matchAll(/@font-face\s*{[^}]+}/g);
            return [...all].filter(([rule]) => SUBSETS.test(rule)).map(([rule]) => fontRule(rule, folder, files));
        }),
    );
    return { rules: rules.join("").replaceAll(/\s*\n\s*/g, ""), files };
}

/** The rule with our address in it; its file is put to `files`. */
function fontRule(rule, folder, files) {
    return rule.replace(/src:\s*url\(\.\/files\/([^)]+\.woff2)\)[^;]*;/, (_, file) => {
        files.push(join(folder, "files", file));
        return `src: url("fonts/${file}") format("woff2");`;
    });
}

/** Our style sheet over the parts of Bootstrap that it imports. */
function styles() {
    return compile(join(root, "frontend", "styles", "main.scss"), {
        loadPaths: [modules],
        style: "compressed",
        quietDeps: true,
        // Bootstrap 5.3 can only be imported; its own code is silenced by quietDeps.
        silenceDeprecations: ["import"],
    }).css;
}

/** Our script and its chunks; gives the size of each, gzipped, by its name. */
async function scripts() {
    const done = await build({
        entryPoints: { kieumau: join(root, "frontend", "main.ts") },
        outdir: output,
        chunkNames: "chunks/[name]-[hash]",
        bundle: true,
        splitting: true,
        format: "esm",
        target: "es2022",
        minify: true,
        charset: "utf8",
        legalComments: "none",
        banner: { js: "/*! Kiểu Mẫu, Apache-2.0; chunks include CodeMirror and Lezer (MIT) */" },
        logLevel: "warning",
        write: false,
    });
    mkdirSync(join(output, "chunks"), { recursive: true });
    return done.outputFiles.map(({ path, contents }) => {
        writeFileSync(path, contents);
        return [relative(output, path), gzipSync(contents).length];
    });
}

const started = performance.now();
mkdirSync(join(output, "fonts"), { recursive: true });
const { rules, files } = fonts();
for (const file of files) cpSync(file, join(output, "fonts", basename(file)));
cpSync(join(root, "frontend", "images"), join(output, "images"), { recursive: true });
const banner = "/*! Kiểu Mẫu, Apache-2.0; includes parts of Bootstrap (MIT) and names Be Vietnam Pro, Noto Sans Mono (OFL 1.1) */";
const css = styles().replace(/^\uFEFF|^@charset "UTF-8";/, "");
writeFileSync(join(output, "kieumau.css"), `@charset "UTF-8";${banner}\n${rules}\n${css}`);
const built = await scripts();
rmSync(goal, { recursive: true, force: true });
mkdirSync(dirname(goal), { recursive: true });
renameSync(output, goal);
rmSync(dirname(output), { recursive: true });
const sizes = built.map(([name, size]) => `${name} ${(size / 1000).toFixed(1)} kB`);
console.log(`Scripts, gzipped: ${sizes.join(", ")}`);
console.log(`Style sheet and ${files.length} fonts; all built in ${Math.round(performance.now() - started)} ms`);
