/** Why an alert is closed: the identifiers that are kept, and how people read them. A new reason is added here, and nowhere else. */
import { z } from 'zod';
import type { AlertKind } from './alert-key.ts';

/** Reasons that a person chooses from, in the order in which the page offers them, by the kind of the alert. */
export const closingReasons = {
  patient: ['measuredByHand', 'transferred', 'theatre', 'comfortCare', 'died', 'deviceRemoved'],
  device: ['deviceChecked', 'deviceRemoved'],
  drill: ['drill'],
  checkIn: ['seenTo'],
} as const satisfies Record<AlertKind, readonly string[]>;

export const chosenReasons = [...new Set(Object.values(closingReasons).flat())];
export type ChosenReason = (typeof chosenReasons)[number];

/** `missed`: of what is nobody's, that nobody has answered. */
export const ClosingReason = z.enum([...chosenReasons, 'recovered', 'checkedIn', 'missed']);
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
  drill: 'the drill is done',
  checkedIn: 'checked in',
  seenTo: 'somebody else sees to it',
  missed: 'nobody has answered',
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
