/** How a source map names what `defineProgram` brings into a program: it is ours, and no place of the program's author. */
export const OWN_SOURCE = '@gossamer/program/define/';

/** In the repository, and as it is installed. */
const OWN = /@gossamer\/program\/(?:src\/|dist\/)?define\//;

/** A frame of a stack, as engines write them: `    at run (place)`, or `run@place`. */
const FRAME = /^\s+at |^\S*@\S+:\d+:\d+$/;

/** A stack without the frames of what wraps a program's functions, so that its author reads of the author's lines. */
export const withoutOwnFrames = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => !FRAME.test(line) || !OWN.test(line))
    .join('\n');
