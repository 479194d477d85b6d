/** Why an alert is closed: the identifiers that are kept, and how people read them. A new reason is added here, and nowhere else. */
import { z } from 'zod';

/** Reasons that a person chooses from, in the order in which the page offers them. */
export const closingReasons = [
  'measuredByHand',
  'transferred',
  'theatre',
  'comfortCare',
  'died',
  'deviceRemoved',
] as const;

export type ChosenReason = (typeof closingReasons)[number];

export const ClosingReason = z.enum([...closingReasons, 'recovered']);
export type ClosingReason = z.infer<typeof ClosingReason>;

export const closingReasonWords: Record<ClosingReason, string> = {
  recovered: 'recovered',
  measuredByHand: 'seen and measured by hand',
  transferred: 'transferred',
  theatre: 'theatre',
  comfortCare: 'comfort care',
  died: 'died',
  deviceRemoved: 'device removed',
};
