/** What a night leaves unknown: a patient may stand behind each whom no alert, or too weak a one, was raised for. */
import type { Summary } from './summary.ts';

/** `said` in the headline, after a colon; `action`: what somebody should do about it this morning. */
type Unknown = { said: string; action: string };

/**
 * Nothing when every record was read, judged by its own time, and came from a device of the registry, every ward was heard, and
 * every page was mailed.
 */
export function unknowns(summary: Summary): Unknown[] {
  const { quarantined, superseded, fromUnknownDevices, clocksOff, pagesFailed, batchesGivenUp } = summary;
  const worst = summary.supersededWorst ?? 'of no known level';
  return [
    ...some(pagesFailed, (many) =>
      many
        ? [
            `${many} pages could not be mailed`,
            `Investigate why ${many} pages could not be mailed (see the runbook); somebody else was asked instead.`,
          ]
        : [
            'a page could not be mailed',
            'Investigate why a page could not be mailed (see the runbook); somebody else was asked instead.',
          ],
    ),
    ...some(batchesGivenUp, (many) =>
      many
        ? [
            `${many} batches of records were given up on`,
            `Look at ${many} batches of records that were given up on; the runbook says where they are, under "Consumer behind".`,
          ]
        : [
            'a batch of records was given up on',
            'Look at a batch of records that was given up on; the runbook says where it is, under "Consumer behind".',
          ],
    ),
    ...silence(summary.silentWards),
    ...some(quarantined, (many) =>
      many
        ? [`${many} records could not be read`, `Look at ${many} records that could not be read.`]
        : ['a record could not be read', 'Look at a record that could not be read.'],
    ),
    ...some(superseded, (many) =>
      many
        ? [
            `${many} late readings were set aside`,
            `Tell their wards of ${many} late readings that were set aside, the worst of them: ${worst}.`,
          ]
        : ['a late reading was set aside', `Tell its ward of a late reading that was set aside: ${worst}.`],
    ),
    ...some(fromUnknownDevices, (many) =>
      many
        ? [
            `${many} readings came from unregistered devices`,
            `Register the devices that sent ${many} readings and are not in the roster.`,
          ]
        : [
            'a reading came from an unregistered device',
            'Register the device that sent a reading and is not in the roster.',
          ],
    ),
    ...some(clocksOff, (many) =>
      many
        ? [
            `${many} devices have wrong clocks`,
            `Set the clocks of ${many} devices; the table below names them.`,
          ]
        : ['a device has a wrong clock', 'Set the clock of a device; the table below names it.'],
    ),
  ];
}

/** A hospital of many wards names some of them. */
const NAMED = 5;

function silence(wards: readonly string[]): Unknown[] {
  if (wards.length === 0) return [];
  const more = wards.length - NAMED;
  const named = `${wards.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const what = wards.length === 1 ? `ward ${named}` : `the wards ${named}`;
  return [
    { said: `no readings came from ${what}`, action: `Telephone ${what}: no readings came all night.` },
  ];
}

/** `words` is given how many there are, and undefined for one. */
function some(count: number, words: (many?: number) => [said: string, action: string]): Unknown[] {
  if (count === 0) return [];
  const [said, action] = count === 1 ? words() : words(count);
  return [{ said, action }];
}
