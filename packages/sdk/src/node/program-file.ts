import { errorOf } from '../error-kinds.ts';

/**
 * Throws GossamerError `usage` where no file is there, or a folder, and `program-invalid` for a file that is no program by its
 * name.
 */
export const requireProgramFile = async (path: string): Promise<void> => {
  const { fileFault } = await import('@gossamer/program/node');
  const fault = await fileFault(path);
  if (fault === null) return;
  throw errorOf(fault.kind === 'no-program' ? 'program-invalid' : 'usage', fault.message);
};
