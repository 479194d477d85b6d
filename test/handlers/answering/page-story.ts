/** The page of a nurse who is asked, with the local account behind it: registers its hooks, and gives what a story needs. */
import { afterEach, beforeEach, vi } from 'vitest';
import type { Alert } from '../../../handlers/alert/alert.ts';
import { responsible } from '../../../handlers/alert/alert.ts';
import { newPage, Page } from '../../../handlers/alert/page.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { logger, metrics } from '../../../handlers/runtime/logger.ts';
import { LocalAws, rootKey } from '../../local-aws.ts';
import { aPagedAlert, aReadingAt, at, minute, someVitals, stored } from '../alert/builders.ts';
import { aRoster, pinHashesOf } from '../on-call/builders.ts';
import { open, submit } from './browser.ts';
import { usedTries } from './tries.ts';

export const pins = { 'nurse-1': '204817', 'nurse-2': '593206', 'doctor-1': '128574' };
export const link = 'a'.repeat(22);
export const nurse = { clinician: 'nurse-1', pin: pins['nurse-1'] };
export const doctor = { clinician: 'doctor-1', pin: pins['doctor-1'] };
export const pinHashes = pinHashesOf(pins, rootKey);

export const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
export const wrongPin = async (pin = '739145') => submit(link, await open(link), 'accept', { ...nurse, pin });

export function aPageStory() {
  const story = {
    aws: undefined as unknown as LocalAws,
    put: (alert: Alert) => story.aws.items.set(alert.pk, stored(alert)),
    alertNow: (): Alert => StoredAlert.parse(story.aws.items.get('PATIENT#p-7')).alert,
    /** The clinician who has it, whether for this round or an earlier one. */
    ownerNow: () => responsible(story.alertNow())?.clinicianId ?? null,
    lastEvent: () => story.alertNow().events.at(-1),
    pageNow: (): Page => Page.parse(story.aws.items.get(`PAGE#${link}`)),
    putPage: (changes: Partial<Page> = {}) => {
      const page = newPage(aPagedAlert(), link, 'nurse-1', at(0));
      story.aws.items.set(page.pk, { ...page, ...changes });
    },
    /** Wrong PINs that still count in a lane. */
    wrongOf: (pk: string, lane: string): number => usedTries(story.aws.items, pk, lane),
  };

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(minute(1)) });
    for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger, level).mockReturnValue();
    vi.spyOn(metrics, 'publishStoredMetrics').mockImplementation(() => {
      metrics.clearMetrics();
      return metrics;
    });
    story.aws = new LocalAws(aRoster({}, pinHashes));
    story.put(aPagedAlert());
    story.putPage();
    const before = { ...aReadingAt(-20), systolicMmHg: 131, diastolicMmHg: 77 };
    const critical = { ...aReadingAt(0, 'critical'), systolicMmHg: 191, diastolicMmHg: 117 };
    story.aws.items.set('VITALS#p-7', someVitals(before, critical));
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return story;
}
