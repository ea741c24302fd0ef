import type { GridView } from '@gossamer/protocol';
import { signal } from '@preact/signals';
import { GridView as GridSchema } from '../shared/schemas.ts';

/** What is known of the grid before consent. */
export type Grid = { kind: 'loading' } | { kind: 'ready'; view: GridView } | { kind: 'failed' };

export const grid = signal<Grid>({ kind: 'loading' });

/** Asks the coordinator who runs the grid and what would run. */
export const loadGrid = async (): Promise<void> => {
  try {
    const response = await fetch('/v1/grid', { credentials: 'omit' });
    if (!response.ok) throw new Error(String(response.status));
    grid.value = { kind: 'ready', view: GridSchema.parse(await response.json()) };
  } catch {
    grid.value = { kind: 'failed' };
  }
};

/** To whom consent is given: with another grid or operator it is asked again. */
export const consentTo = ({ name, operator }: GridView): string => `${name} · ${operator}`;
