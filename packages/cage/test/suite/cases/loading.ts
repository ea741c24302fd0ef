import type { ProgramCase, Refusal } from '../case.ts';
import { running } from '../case.ts';

const attempt = (code: string): string => running(`try { ${code}; return 'loaded'; } catch (e) { return 'refused'; }`);

/** A coordinator reads the imports of a program: one that names its module, and one that makes the name when it runs. */
const refusing = (words: string): Refusal => ({
  refused: 'program-imports',
  says: new RegExp(`^program\\.js:\\d+:\\d+: ${words.replaceAll(/[.?+()]/g, '\\$&')};`),
});
const imported = (module: string): Refusal => refusing(`"${module}" is imported`);
const computed = (name: string): Refusal => refusing(`import(${name}) names its module only when it runs`);

const CASES: readonly (readonly [name: string, code: string, asJob?: Refusal])[] = [
  ['imports over http', 'await import(U.http + "/code.js")', computed('U.http + "/code.js"')],
  [
    'imports from a name',
    'await import("http://imported." + U.name + "/x.js")',
    computed('"http://imported." + U.name + "/x.js"'),
  ],
  [
    'imports a data URL',
    'await import("data:text/javascript,export default 1")',
    imported('data:text/javascript,export default 1'),
  ],
  ['imports a relative address', 'await import("./x.js")', imported('./x.js')],
  ['uses eval', '(0, eval)("1")'],
  ['uses direct eval', 'eval("1")'],
  ['uses Function', 'new Function("return 1")()'],
  ['uses the constructor of a function', '(() => {}).constructor("return 1")()'],
  ['uses AsyncFunction', 'await (async () => {}).constructor("return 1")()'],
  ['uses GeneratorFunction', '(function* () {}).constructor("yield 1")().next()'],
  ['uses AsyncGeneratorFunction', '(async function* () {}).constructor("yield 1")().next()'],
  ['gives a timer a text', 'setTimeout("globalThis.x = 1")'],
  ['imports its own blob again', 'await import(import.meta.url + "?x")', computed('import.meta.url + "?x"')],
  [
    'imports the boot that a stack trace names',
    `const urls = []; const hook = Error.prepareStackTrace;
       Error.prepareStackTrace = (e, sites) => sites.map((s) => s.getScriptNameOrSourceURL?.() ?? s.getFileName?.());
       for (const url of new Error().stack) if (String(url).startsWith("blob:") && url !== import.meta.url) urls.push(url);
       Error.prepareStackTrace = hook;
       if (urls.length === 0) throw new Error("none");
       for (const url of urls) await import(url)`,
    computed('url'),
  ],
];

export const loading: ProgramCase[] = CASES.map(([name, code, asJob]) => ({
  name,
  family: 'loading',
  program: attempt(code),
  expect: { value: 'refused' },
  ...(asJob === undefined ? {} : { asJob }),
}));

loading.push(
  {
    name: 'imports statically over http',
    family: 'loading',
    program: 'import x from "http://127.0.0.1:1/x.js"; export const run = () => x;',
    expect: { error: 'load' },
    asJob: imported('http://127.0.0.1:1/x.js'),
  },
  {
    name: 'does not parse',
    family: 'loading',
    program: 'export const run = (',
    expect: { error: 'load', says: /SyntaxError/ },
    asJob: { refused: 'program-invalid', says: /^program\.js:1:21: Unexpected end of input$/ },
  },
  {
    name: 'exports nothing',
    family: 'loading',
    program: 'const x = 1;',
    expect: { error: 'load', says: /run/ },
    asJob: { refused: 'program-exports', says: /^program\.js: it exports nothing;/ },
  },
  {
    name: 'exports a run that is no function',
    family: 'loading',
    program: 'export const run = 1;',
    expect: { error: 'load', says: /no function named run/ },
    asJob: { refused: 'program-exports', says: /^program\.js: `run` is a number;/ },
  },
  {
    name: 'throws while it loads',
    family: 'loading',
    program: 'throw new Error("early"); export const run = 1;',
    expect: { error: 'load', says: /early/ },
  },
  {
    name: 'never finishes loading',
    family: 'loading',
    program: 'await new Promise(() => {}); export const run = () => 1;',
    expect: { error: 'load', says: /never/ },
  },
);
