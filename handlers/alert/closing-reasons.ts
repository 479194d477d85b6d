/** Why an alert is closed: the identifiers that are kept, and how people read them. A new reason is added here, and nowhere else. */
import { z } from 'zod';
import type { AlarmLevel } from '../clinical/severity.ts';

/** Reasons that a person chooses from, in the order in which the page offers them. */
const closingReasons = [
  'measuredByHand',
  'transferred',
  'theatre',
  'comfortCare',
  'died',
  'deviceRemoved',
] as const;

/** The same for a device's alert. */
const technicalClosingReasons = ['deviceChecked', 'deviceRemoved'] as const;

export const chosenReasons = [...new Set([...closingReasons, ...technicalClosingReasons])];
export type ChosenReason = (typeof chosenReasons)[number];

export function closingReasonsOf(level: AlarmLevel): readonly ChosenReason[] {
  return level === 'technical' ? technicalClosingReasons : closingReasons;
}

export const ClosingReason = z.enum([...chosenReasons, 'recovered']);
export type ClosingReason = z.infer<typeof ClosingReason>;

export const closingReasonWords: Record<ClosingReason, string> = {
  recovered: 'recovered',
  measuredByHand: 'seen and measured by hand',
  transferred: 'transferred',
  theatre: 'theatre',
  comfortCare: 'comfort care',
  died: 'died',
  deviceRemoved: 'device removed',
  deviceChecked: 'device checked',
};

/** Was the alert of use? One tap of whoever closes it. */
export const usefulnesses = ['acted', 'nothingNeeded', 'wrongMeasurement'] as const;
export const Usefulness = z.enum(usefulnesses);
export type Usefulness = z.infer<typeof Usefulness>;

export const usefulnessWords: Record<Usefulness, string> = {
  acted: 'Yes, something was done',
  nothingNeeded: 'Nothing was needed',
  wrongMeasurement: 'The measurement was wrong',
};
