/** What the volunteer's page shows of its tab. */
export interface Shown {
  /** How it is, in the page's words: "connected", "no work right now", "reconnecting…". */
  state: string;
  /** The page's sentence on it. */
  detail: string;
  /** Of this device, as the coordinator has told; 0 until then. */
  credit: number;
  verified: number;
  waiting: number;
  notConfirmed: number;
}

/** Reads it in the page: this function travels there by its text, so it refers to nothing else. */
export const readShown = (): Shown => {
  const text = (selector: string): string => document.querySelector(selector)?.textContent?.trim() ?? '';
  // The page was loaded again, and the grid tells volunteers something else by now: nobody has consented to that.
  if (document.querySelector('[data-testid="start"]') !== null) {
    const detail = 'What this grid tells volunteers has changed: read it at its address, and start this command again.';
    return { state: 'consent is asked for', detail, credit: 0, verified: 0, waiting: 0, notConfirmed: 0 };
  }
  const number = (id: string): number => Number(text(`[data-testid="${id}"]`).replaceAll(',', '')) || 0;
  return {
    state: text('[data-testid="connection"]'),
    detail: text('.state-detail'),
    credit: number('credit'),
    verified: number('units-valid'),
    waiting: number('units-waiting'),
    notConfirmed: number('units-invalid'),
  };
};

/** Of several tabs together: the sums, and the states, each once with how many there are of it. */
export const lineOf = (tabs: readonly Shown[]): string => {
  const sum = (of: (tab: Shown) => number): string =>
    tabs.reduce((total, tab) => total + of(tab), 0).toLocaleString('en', { maximumFractionDigits: 1 });
  const states = new Map<string, number>();
  for (const { state } of tabs) states.set(state, (states.get(state) ?? 0) + 1);
  const told = [...states].map(([state, count]) => (tabs.length === 1 ? state : `${count} ${state}`)).join(', ');
  const parts = [`${sum(({ verified }) => verified)} verified`, `${sum(({ waiting }) => waiting)} waiting`];
  if (tabs.some(({ notConfirmed }) => notConfirmed > 0)) {
    parts.push(`${sum(({ notConfirmed }) => notConfirmed)} not confirmed`);
  }
  return `${told}: ${parts.join(', ')}, credit ${sum(({ credit }) => credit)}`;
};
