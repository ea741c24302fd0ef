import type { Device } from '@gossamer/core';
import type { Person } from '../population/crowd.ts';
import type { Tab } from './tab.ts';
import { newTab } from './tab.ts';
import type { World } from './world.ts';

const makeDevice = (world: World, person: Person, life: number): Device => {
  const number = ++world.lastDevice;
  const samePrefix = person.liar?.plan.rebirth?.samePrefix !== false;
  const place = samePrefix ? `${person.number}` : `${person.number}.${life}`;
  return {
    number,
    id: `dev_${number}`,
    volunteer: `volunteer ${number}`,
    prefix: `prefix ${place}`,
    class: person.browser,
    capabilities: { memoryMb: null, cores: null, wasm: [] },
    apart: false,
    optedIn: false,
  };
};

/** The tab of a person, made when it first appears. */
export const tabOf = (world: World, person: Person): Tab => {
  const known = world.tabs[person.number];
  if (known !== undefined) return known;
  const tab = newTab(person, makeDevice(world, person, 0));
  world.tabs[person.number] = tab;
  world.tabOfDevice[tab.device.number] = tab;
  return tab;
};

/** A sybil's identity has done its service: it was caught, or has returned as many results as it is to. */
export const isWorn = ({ person, caught, returned }: Tab): boolean => {
  const rebirth = person.liar?.plan.rebirth ?? null;
  return rebirth !== null && (caught || returned >= rebirth.results);
};

/** A sybil throws a worn identity away and comes back as somebody else. */
export const beginAnew = (world: World, tab: Tab): void => {
  if (tab.session === null) return;
  world.coordinator.close(tab.session, world.now);
  tab.lives += 1;
  tab.device = makeDevice(world, tab.person, tab.lives);
  tab.returned = 0;
  tab.caught = false;
  tab.flight = 0;
  tab.parked = 0;
  tab.mail = [];
  world.tabOfDevice[tab.device.number] = tab;
  tab.session = world.coordinator.open(tab.device, world.plan.slots);
};
