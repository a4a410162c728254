// SPDX-License-Identifier: Apache-2.0
// Builds what the browser loads: styles, fonts, scripts and pictures, each named by its content, each also compressed.
// Writes exam_portal/static/build/ and manifest.json: the name a template writes -> the path below /static/.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, "../../..");
const modules = join(project, "node_modules");
const staticFolder = resolve(here, "../../static");
const target = join(staticFolder, "build");
const draft = join(staticFolder, `.build-${process.pid}`);

const WEIGHTS = [400, 600, 700];
const SUBSETS = ["latin", "vietnamese"];
const STYLES = ["app", "player", "print", "document"];
const VENDORS = {
  "govuk-frontend": "govuk-frontend/dist/govuk/govuk-frontend.min.js",
  idb: "idb/build/index.js",
  "markdown-it": "markdown-it/dist/browser/markdown-it.esm.min.mjs",
};

const manifest = new Map();

/** The file stands in the draft under a name that holds its hash, and the manifest knows it. */
function emit(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const bare = name.replace(/^build\//, "");
  const path = bare.replace(/(\.\w+)$/, `.${hash}$1`);
  const file = join(draft, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  compress(file, content);
  manifest.set(name, `build/${path}`);
  return path;
}

function compress(file, content) {
  if (!/\.(css|js|svg)$/.test(file)) return;
  const size = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length, [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: size }));
}

function* filesIn(folder, ending) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path, ending);
    else if (ending.test(entry.name)) yield path;
  }
}

function fonts() {
  for (const subset of SUBSETS) {
    for (const weight of WEIGHTS) {
      const source = join(modules, "@fontsource/be-vietnam-pro/files", `be-vietnam-pro-${subset}-${weight}-normal.woff2`);
      emit(`fonts/be-vietnam-pro-${subset}-${weight}.woff2`, readFileSync(source));
    }
  }
  for (const path of filesIn(join(staticFolder, "fonts"), /\.woff2$/)) emit(named("fonts", path), readFileSync(path));
}

function pictures() {
  for (const path of filesIn(join(staticFolder, "images"), /\.(svg|png)$/)) emit(named("images", path), readFileSync(path));
}

function named(folder, path) {
  return posix.join(folder, relative(join(staticFolder, folder), path).split(sep).join("/"));
}

/** In our styles, asset("fonts/x.woff2") is the address of the built file, relative to the style sheet. */
const assetFunction = {
  "asset($name)": ([name]) => {
    const path = manifest.get(name.assertString("name").text);
    if (!path) throw new Error(`no asset is called ${name}`);
    return new sass.SassString(`url("${path.replace(/^build\//, "")}")`, { quotes: false });
  },
};

function styles() {
  for (const name of STYLES) {
    const { css } = sass.compile(join(here, "scss", `${name}.scss`), {
      style: "compressed",
      loadPaths: [modules],
      functions: assetFunction,
      charset: false,
      quietDeps: true,
    });
    emit(`build/${name}.css`, Buffer.from(css));
  }
}

// ---------------------------------------------------------------- scripts
const IMPORT = /(\bimport\s*(?:[\w*${}\s,]+\bfrom\s*)?|\bexport\s*[\w*${}\s,]+\bfrom\s*|\bimport\s*\(\s*|\bnew URL\(\s*)(["'])([^"'\n]+)\2/g;

/** Modules are emitted after those they import, so that a name changes whenever anything below it does. */
function scripts() {
  const sources = new Map();
  for (const [name, path] of Object.entries(VENDORS)) sources.set(`vendor/${name}.js`, join(modules, path));
  for (const folder of [join(here, "js"), join(staticFolder, "js")]) {
    for (const path of filesIn(folder, /\.js$/)) sources.set(posix.join("js", relative(folder, path).split(sep).join("/")), path);
  }
  const underWay = [];
  const build = (name) => {
    if (manifest.has(name)) return;
    if (underWay.includes(name)) throw new Error(`scripts import each other in a circle: ${[...underWay, name].join(" -> ")}`);
    underWay.push(name);
    emit(name, Buffer.from(rewritten(name, readFileSync(sources.get(name), "utf8"), sources, build)));
    underWay.pop();
  };
  for (const name of [...sources.keys()].sort()) build(name);
}

function rewritten(name, text, sources, build) {
  const plain = text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "\n");
  if (name.startsWith("vendor/")) return plain;
  return plain.replace(IMPORT, (whole, before, quote, specifier) => {
    const wanted = resolved(name, specifier);
    if (wanted === null) return whole;
    if (!sources.has(wanted)) throw new Error(`${name} imports ${specifier}, which does not exist`);
    build(wanted);
    const from = posix.dirname(manifest.get(name) ?? posix.join("build", name));
    const path = posix.relative(from, manifest.get(wanted));
    return `${before}${quote}${path.startsWith(".") ? path : `./${path}`}${quote}`;
  });
}

function resolved(name, specifier) {
  if (specifier in VENDORS) return `vendor/${specifier}.js`;
  if (/^\.{1,2}\//.test(specifier)) return posix.join(posix.dirname(name), specifier);
  return null;
}

// ---------------------------------------------------------------- all of it
/** Older builds are swept only after the new manifest stands: a page is never left without its files. */
function publish() {
  const names = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  cpSync(draft, target, { recursive: true });
  const list = join(target, "manifest.json");
  writeFileSync(`${list}.new`, `${JSON.stringify(names, null, 1)}\n`);
  renameSync(`${list}.new`, list);
  const kept = new Set(Object.values(names).flatMap((path) => [path, `${path}.gz`, `${path}.br`]));
  for (const path of filesIn(target, /./)) {
    const name = posix.join("build", relative(target, path).split(sep).join("/"));
    if (path !== list && !kept.has(name)) rmSync(path);
  }
}

try {
  mkdirSync(draft, { recursive: true });
  fonts();
  pictures();
  styles();
  scripts();
  publish();
} finally {
  rmSync(draft, { recursive: true, force: true });
}
console.log(`built ${manifest.size} assets in ${relative(project, target)}`);
