import type { BrowserContext } from '@playwright/test';
import { expect, test as base } from '@playwright/test';
import { checkBooks } from './books.ts';
import type { Settings } from './coordinator.ts';
import { Coordinator } from './coordinator.ts';
import { ScriptedDevice } from './device.ts';
import { Tab } from './tab.ts';

interface Fixtures {
  /** Environment of the test's coordinator. */
  settings: Settings;
  coordinator: Coordinator;
  /** Opens a tab, in a new context (so a device of its own) or in the one given; nothing is visited yet. */
  openTab: (context?: BrowserContext) => Promise<Tab>;
  /** Opens a tab in a context of its own, gives consent and connects; tells its device's id. */
  lend: () => Promise<Tab & { device: string }>;
  /** Signs a scripted device in, which may say what browser it is. */
  script: (platform?: string) => Promise<ScriptedDevice>;
}

/**
 * Each test has a coordinator of its own, and ends with what must hold after every test: no error in the coordinator's
 * log, no violation of the pages' policy, and books that balance.
 */
export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  coordinator: async ({ settings }, use, info) => {
    const coordinator = await Coordinator.start(settings);
    try {
      await use(coordinator);
      if (info.status === info.expectedStatus && coordinator.running) await checkBooks(coordinator);
    } finally {
      await coordinator.remove();
      if (info.status !== info.expectedStatus) await info.attach('coordinator.log', { body: coordinator.log });
    }
    expect(coordinator.log.split('\n').filter((line) => line.includes('"level":50'))).toEqual([]);
  },

  openTab: async ({ browser }, use) => {
    const contexts = new Set<BrowserContext>();
    const tabs: Tab[] = [];
    await use(async (given) => {
      const context = given ?? (await browser.newContext());
      contexts.add(context);
      const tab = new Tab(await context.newPage());
      tabs.push(tab);
      return tab;
    });
    for (const context of contexts) await context.close();
    expect(tabs.flatMap(({ faults }) => faults)).toEqual([]);
  },

  lend: async ({ coordinator, openTab }, use) => {
    await use(async () => {
      const known = new Set((await coordinator.devices()).map(({ id }) => id));
      const tab = await openTab();
      await tab.visit(coordinator);
      await tab.lend();
      const device = (await coordinator.devices()).find(({ id }) => !known.has(id))!.id;
      return Object.assign(tab, { device });
    });
  },

  script: async ({ coordinator }, use) => {
    const devices: ScriptedDevice[] = [];
    await use(async (platform) => {
      const device = await ScriptedDevice.signedIn(coordinator.url, platform);
      devices.push(device);
      return device;
    });
    for (const device of devices) device.close();
  },
});

export { expect };
