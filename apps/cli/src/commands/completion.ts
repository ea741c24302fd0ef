import { Argument, type Command } from 'commander';
import { fileURLToPath } from 'node:url';
import { type Cli, action } from '../cli.ts';
import { completionsOf } from '../complete.ts';

/** As a word of a shell. */
const quoted = (path: string): string => `'${path.replaceAll("'", `'\\''`)}'`;

/**
 * How this very command is called. Not by its name: under `npx`, and where it is an alias, no shell finds it by that when it
 * completes.
 */
const self = (): string =>
  [process.execPath, fileURLToPath(new URL('../main.js', import.meta.url))].map(quoted).join(' ');

/** Each asks `gossamer complete` what may follow, and offers files where that knows nothing. */
const SCRIPTS = {
  bash: (command: string) => `_gossamer() {
  local IFS=$'\\n'
  COMPREPLY=($(${command} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gossamer gossamer`,
  zsh: (command: string) => `#compdef gossamer
_gossamer() {
  local -a found
  found=("\${(@f)$(${command} complete -- "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _gossamer gossamer`,
  fish: (command: string) => `function __gossamer
  set -l words (commandline -opc) (commandline -ct)
  ${command} complete -- $words[2..-1] 2>/dev/null
end
complete -c gossamer -a '(__gossamer)'`,
} as const;

const HELP = `
  bash:  eval "$(gossamer completion bash)"             in ~/.bashrc
  zsh:   eval "$(gossamer completion zsh)"              in ~/.zshrc, behind compinit
  fish:  gossamer completion fish | source              in ~/.config/fish/config.fish

Where the command is run by npx, give it a name first; from then on \`gossamer\` is completed:
  bash, zsh:  alias gossamer='npx gossamer'; eval "$(npx gossamer completion bash)"          (or zsh)
  fish:       alias gossamer 'npx gossamer'; npx gossamer completion fish | source`;

export const completionCommand = (parent: Command): void => {
  parent
    .command('completion')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SCRIPTS)))
    .description('print what makes a shell complete commands and flags')
    .addHelpText('after', HELP)
    .action(
      action((cli: Cli, shell: keyof typeof SCRIPTS) =>
        cli.show({ shell, script: SCRIPTS[shell](self()) }, ({ script }) => script),
      ),
    );
  parent
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(
      action(async (cli: Cli, words: string[]) => {
        for (const text of completionsOf(parent, words)) await cli.show({ word: text }, ({ word }) => word);
      }),
    );
};
