/** AWS as the escalation's functions find it, with what the table holds of alerts in their own words. */
import type { Alert } from '../../../handlers/alert/alert.ts';
import { Claim } from '../../../handlers/alert/claim.ts';
import { Page } from '../../../handlers/alert/page.ts';
import { StoredAlert } from '../../../handlers/aws/dynamodb/alert-store.ts';
import { LocalAws } from '../../local-aws.ts';
import { stored } from './builders.ts';

type Item = Alert | ReturnType<typeof stored> | Claim | Page | { pk: string; recent: object[] };
const isWithoutToken = (item: Item): item is Alert =>
  'kind' in item && item.kind === 'alert' && !('token' in item);

export class AlertingAws extends LocalAws {
  /** An alert is stored with the token `token-1`; `stored` gives it another one, or none. */
  put(...items: Item[]): void {
    for (const item of items) this.items.set(item.pk, isWithoutToken(item) ? stored(item) : item);
  }
  /** The patient's alert and its token, as whoever reads the table finds them: an item of another shape is an error. */
  stored(pk = 'PATIENT#p-7'): StoredAlert {
    return StoredAlert.parse(this.items.get(pk));
  }
  alert(pk = 'PATIENT#p-7'): Alert {
    return this.stored(pk).alert;
  }
  claim(readingId = '3f9a0c21b7de4455aa'): Claim {
    return Claim.parse(this.items.get(`READING#${readingId}`));
  }
  pages(): Page[] {
    return this.items
      .values()
      .filter(({ kind }) => kind === 'page')
      .map((item) => Page.parse(item));
  }
  /** Others wait for this address, for so many milliseconds since the epoch. */
  inLine(topicArn: string, nextMs: number): void {
    const pk = `TURN#${topicArn.split(':').at(-1)}`;
    this.items.set(pk, { kind: 'turn', urgent: nextMs, routine: nextMs });
  }
}

/** What happens to the first call that begins so. */
export const first = (error: () => Error | undefined, matching: string) => {
  let done = false;
  return (call: string) => {
    if (done || !call.startsWith(matching)) return undefined;
    done = true;
    return error();
  };
};
