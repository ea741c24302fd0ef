import { Argument, type Command } from 'commander';
import { type Cli, action } from '../cli.ts';
import { completionsOf } from '../complete.ts';

/** Each asks `gossamer complete` what may follow, and offers files where that knows nothing. */
const SCRIPTS = {
  bash: `_gossamer() {
  local IFS=$'\\n'
  COMPREPLY=($(gossamer complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _gossamer gossamer`,
  zsh: `#compdef gossamer
_gossamer() {
  local -a found
  found=("\${(@f)$(gossamer complete -- "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _gossamer gossamer`,
  fish: `function __gossamer
  set -l words (commandline -opc) (commandline -ct)
  gossamer complete -- $words[2..-1] 2>/dev/null
end
complete -c gossamer -a '(__gossamer)'`,
} as const;

const HELP = `
  bash:  eval "$(gossamer completion bash)"             in ~/.bashrc
  zsh:   eval "$(gossamer completion zsh)"              in ~/.zshrc, behind compinit
  fish:  gossamer completion fish | source              in ~/.config/fish/config.fish`;

export const completionCommand = (parent: Command): void => {
  parent
    .command('completion')
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(SCRIPTS)))
    .description('print what makes a shell complete commands and flags')
    .addHelpText('after', HELP)
    .action(
      action((cli: Cli, shell: keyof typeof SCRIPTS) =>
        cli.show({ shell, script: SCRIPTS[shell] }, ({ script }) => script),
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
