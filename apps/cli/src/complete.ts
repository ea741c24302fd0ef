import type { Command, Option } from 'commander';

/** Options of a command and of those above it: all of them may be given here. */
const optionsOf = (command: Command): Option[] => {
  const found: Option[] = [];
  for (let at: Command | null = command; at !== null; at = at.parent) found.push(...at.options);
  return found;
};

/**
 * What a shell may offer for the last of these words (what stands after `gossamer`, the last one begun and maybe empty):
 * names of commands, flags, and the values of a flag or an argument that has few. Nothing where files are meant.
 */
export const completionsOf = (root: Command, words: readonly string[]): string[] => {
  const begun = words.at(-1) ?? '';
  let command = root;
  let given = 0;
  let valueOf: Option | undefined;
  for (const word of words.slice(0, -1)) {
    if (valueOf !== undefined) {
      valueOf = undefined;
      continue;
    }
    if (word.startsWith('-')) {
      const option = optionsOf(command).find(({ long, short }) => word === long || word === short);
      valueOf = option?.required === true ? option : undefined;
      continue;
    }
    const next = command.commands.find((candidate) => candidate.name() === word);
    if (next === undefined) given++;
    else command = next;
  }
  const offered = (): string[] => {
    if (valueOf !== undefined) return valueOf.argChoices ?? [];
    if (begun.startsWith('-')) return ['--help', ...optionsOf(command).flatMap(({ long }) => long ?? [])];
    const names = command
      .createHelp()
      .visibleCommands(command)
      .map((candidate) => candidate.name());
    return [...names, ...(command.registeredArguments[given]?.argChoices ?? [])];
  };
  return [...new Set(offered())].filter((text) => text.startsWith(begun)).sort((a, b) => (a < b ? -1 : 1));
};
