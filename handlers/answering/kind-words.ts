/** What the pages say of an alert by whose it is: a patient's, a device's, a drill's, or a check-in's. */
import type { Alert } from '../alert/alert.ts';
import { alertKindOf } from '../alert/alert-key.ts';
import { asksWhoBegan } from '../alert/check-in.ts';
import { wordsByKind } from './words.en.ts';
import type { KindWords } from './words.ts';

export function kindWords({ pk }: Pick<Alert, 'pk'>): KindWords {
  return wordsByKind[alertKindOf(pk)];
}

/** What whoever is asked is to do: of a check-in, who began the shift has less to do than who is asked in their place. */
export function whatToDo(alert: Pick<Alert, 'pk' | 'step'>): string {
  const { look, lookForAnother = look } = kindWords(alert);
  return asksWhoBegan(alert) ? look : lookForAnother;
}
