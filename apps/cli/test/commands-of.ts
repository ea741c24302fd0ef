import type { Command } from 'commander';

/** A command that does something by itself, with the words that lead to it. */
export interface Leaf {
  path: string[];
  command: Command;
}

/** Every command of a tree that has none below it, also those that the help does not show. */
export const leavesOf = (command: Command, path: string[] = []): Leaf[] =>
  command.commands.length === 0
    ? [{ path, command }]
    : command.commands.flatMap((child) => leavesOf(child, [...path, child.name()]));
