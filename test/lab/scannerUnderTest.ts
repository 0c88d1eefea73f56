// Owns a scanner of the shipped drivers as a lab check sees it: its events, to be awaited.
import type { ScannerConfiguration } from '#drivers/configuration.ts';
import { openScanner, thisComputer } from '#drivers/registry.ts';
import type { Scanner, ScannerEvent } from '#drivers/scanner/scanner.ts';
import type { Lab } from '#test/lab/check.ts';
import { until } from '#test/lab/until.ts';

type EventOf<Type extends ScannerEvent['type']> = ScannerEvent & { type: Type };

export interface ScannerUnderTest {
  readonly scanner: Scanner;
  /** Everything that it said, oldest first. */
  readonly events: ScannerEvent[];
  /** The labels of all that it read, oldest first. */
  labels(): readonly string[];
  /** Takes the next event of this type that matches, and drops what came before it. */
  take<Type extends ScannerEvent['type']>(
    type: Type,
    matches?: (event: EventOf<Type>) => boolean,
  ): Promise<EventOf<Type>>;
  ready(): Promise<void>;
  lost(): Promise<void>;
  /** The label of the next read; DataEvents are enabled again at once, as a quick till does. */
  label(): Promise<string>;
}

function isType<Type extends ScannerEvent['type']>(
  event: ScannerEvent,
  type: Type,
): event is EventOf<Type> {
  return event.type === type;
}

/** As another program would open it: what this till's scanners hold is not known to it. */
export function openAsOther(lab: Lab, configuration: ScannerConfiguration): ScannerUnderTest {
  const { serial, hid } = thisComputer;
  return openForCheck(lab, configuration, { serial: { ...serial }, hid: { ...hid } });
}

/** Opens, claims and enables; released after the check. */
export function openForCheck(
  lab: Lab,
  configuration: ScannerConfiguration,
  systems = thisComputer,
): ScannerUnderTest {
  const scanner = openScanner(configuration, [configuration.address], systems);
  const events: ScannerEvent[] = [];
  const labels: string[] = [];
  let taken = 0;
  scanner.claim((event) => {
    events.push(event);
    if (event.type !== 'data') return;
    labels.push(event.event.scanDataLabel);
    // Not within the event: a till's answer comes later, too.
    setImmediate(() => scanner.setDataEventEnabled(true));
  });
  scanner.setDataEventEnabled(true);
  lab.after(() => scanner.release());

  function take<Type extends ScannerEvent['type']>(
    type: Type,
    matches: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    return until<EventOf<Type> | null>(() => {
      while (taken < events.length) {
        const event = events[taken];
        taken += 1;
        if (event !== undefined && isType(event, type) && matches(event)) return event;
      }
      return null;
    }, `a scanner's event: ${type}`) as Promise<EventOf<Type>>;
  }
  return {
    scanner,
    events,
    labels: () => labels,
    take,
    async ready() {
      await take('state', ({ state }) => state === 'ready');
    },
    async lost() {
      await take('state', ({ state }) => state === 'lost');
    },
    label: async () => (await take('data')).event.scanDataLabel,
  };
}
