import { expect, it } from 'vitest';
import { type Snippet, snippetsOf, typeCheck } from './snippets.ts';

/** Pages with code, and what their snippets are called where others import them. docs/wasm.md has AssemblyScript: CG69 compiles it. */
const PAGES: Record<string, readonly (string | null)[]> = {
  'README.md': [],
  'docs/programs.md': ['pi'],
  'docs/webhooks.md': [],
};

it('HO9: every snippet of README and docs fits the types of what it calls', async () => {
  const found = Object.entries(PAGES).map(([page, names]) => snippetsOf(page, names));
  expect(found.flat().length).toBeGreaterThanOrEqual(8);
  for (const of of found) expect(of.length).toBeGreaterThan(0);
  expect(found.flat().map(({ name }) => name)).toEqual(expect.arrayContaining(['collatz', 'pi']));
  const javaScript = snippetsOf('docs/wasm.md').filter(({ language }) => language === 'js');
  expect(javaScript).toHaveLength(1);
  expect(await typeCheck([...found.flat(), ...javaScript])).toEqual([]);
});

it('HO9: a mistake is told with its page and line, in both languages', async () => {
  const [page, name] = ['some.md', null];
  const wrong: Snippet[] = [
    { page, line: 10, language: 'ts', name, text: "import { range } from '@gossamer/sdk/node';\n\nrange('a', 2);" },
    {
      page,
      line: 20,
      language: 'js',
      name,
      text: "import { Gossamer, rang } from '@gossamer/sdk/node';\nnew Gossamer({ url, apiKey });",
    },
    { page, line: 30, language: 'js', name, text: 'await grid.mapp();' },
    { page, line: 40, language: 'ts', name, text: 'const job = await grid.jobs.get(1);\nexport { job };' },
  ];
  const said = await typeCheck(wrong);
  expect(said.map((line) => line.split(': ')[0])).toEqual(['some.md:12', 'some.md:40', 'some.md:20', 'some.md:30']);
  expect(said[2]).toContain('rang');
});
