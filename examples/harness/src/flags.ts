import { parseArgs } from 'node:util';

/** The command line is not as it should be. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** One flag of an example: how it is written, what it means, and how its text is read. */
export interface Flag<Value> {
  /** Stands for the value in the help: `N`, `FILE`. */
  hint: string;
  about: string;
  /** The value where the flag is not given. */
  value: Value;
  /** Throws UsageError. */
  read: (text: string, name: string) => Value;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;
export type FlagValues<Of extends Flags> = { [Name in keyof Of]: Of[Name] extends Flag<infer Value> ? Value : never };

/** An integer from `least` on. Throws UsageError. */
export const wholeNumber = (text: string, name: string, least = 1): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new UsageError(`--${name} must be an integer from ${least}: ${text}`);
  }
  return value;
};

export const integer = (value: number, about: string, least = 1): Flag<number> => ({
  hint: 'N',
  about: `${about} (default: ${value})`,
  value,
  read: (text, name) => wholeNumber(text, name, least),
});

/** The path of a file, or null. */
export const path = (about: string): Flag<string | null> => ({
  hint: 'FILE',
  about,
  value: null,
  read: (text) => text,
});

/** What every example understands besides its own flags. */
export interface CommonValues {
  tabs: number;
  json: boolean;
  help: boolean;
}

/** Reads a command line. `leastTabs`: how many devices must agree. Throws UsageError. */
export const readFlags = <Of extends Flags>(
  flags: Of,
  args: readonly string[],
  leastTabs: number,
): FlagValues<Of> & CommonValues => {
  const given = parsed([...Object.keys(flags), 'tabs'], args);
  const own = Object.entries(flags).map(([name, { value, read }]) => {
    const text = given[name];
    return [name, typeof text === 'string' ? read(text, name) : value];
  });
  const tabs = typeof given['tabs'] === 'string' ? wholeNumber(given['tabs'], 'tabs') : Math.max(2, leastTabs);
  if (tabs < leastTabs) {
    throw new UsageError(
      `--tabs: ${leastTabs} independent devices must agree, so at least ${leastTabs} tabs are needed`,
    );
  }
  return {
    ...(Object.fromEntries(own) as FlagValues<Of>),
    tabs,
    json: given['json'] === true,
    help: given['help'] === true,
  };
};

const parsed = (names: readonly string[], args: readonly string[]): Record<string, string | boolean | undefined> => {
  const texts = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  const options = { ...texts, json: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

/** The help of an example's command line. */
export const usageOf = (name: string, about: string, flags: Flags): string => {
  const rows = [
    ...Object.entries(flags).map(([flag, { hint, about: text }]) => [`--${flag} ${hint}`, text]),
    ['--tabs N', 'headless tabs that compute, each a device of its own (default: 2)'],
    ['--json', 'the last line of stdout is {"name", "ok", "answer", "expected", "units", "seconds"}'],
  ];
  const width = Math.max(...rows.map(([flag]) => flag!.length));
  const lines = rows.map(([flag, text]) => `  ${flag!.padEnd(width)}  ${text}`);
  return [`npm run example -- ${name} [flags]`, '', about, '', ...lines].join('\n');
};
