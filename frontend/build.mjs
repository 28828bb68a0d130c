// Builds what the pages load: one style sheet, the fonts it names, the icons it masks with.
// Everything lands in build/static/kieumau, which git ignores and Django collects.
//
// The font's @font-face rules come from @fontsource's own style sheets, so that its Unicode ranges
// stay those of the files; we keep the weights we use and only the woff2 format.

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const output = join(root, "build", "static", "kieumau");
const face = join(modules, "@fontsource", "be-vietnam-pro");
const WEIGHTS = [400, 600];

/** The @font-face rules of the weights we use, and the files they need. */
function fonts() {
    const files = [];
    const rules = WEIGHTS.map((weight) =>
        readFileSync(join(face, `${weight}.css`), "utf8").replaceAll(
            /src:\s*url\(\.\/files\/([^)]+\.woff2)\)[^;]*;/g,
            (_, file) => {
                files.push(file);
                return `src: url("fonts/${file}") format("woff2");`;
            },
        ),
    );
    return { rules: rules.join("\n").replaceAll(/\/\*.*?\*\//gs, "").replaceAll(/\s*\n\s*/g, ""), files };
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

const started = performance.now();
rmSync(output, { recursive: true, force: true });
mkdirSync(join(output, "fonts"), { recursive: true });
const { rules, files } = fonts();
for (const file of files) cpSync(join(face, "files", file), join(output, "fonts", file));
cpSync(join(root, "frontend", "images"), join(output, "images"), { recursive: true });
const banner = "/*! Kiểu Mẫu, Apache-2.0; includes parts of Bootstrap (MIT) and names Be Vietnam Pro (OFL 1.1) */";
const css = styles().replace(/^\uFEFF|^@charset "UTF-8";/, "");
writeFileSync(join(output, "kieumau.css"), `@charset "UTF-8";${banner}\n${rules}\n${css}`);
console.log(`Style sheet and ${files.length} fonts built in ${Math.round(performance.now() - started)} ms`);
