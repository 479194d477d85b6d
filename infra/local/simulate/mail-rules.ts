/** What holds of each mail: no name, no record number, no pressure, and never more to one address than SNS takes. */
import { surname } from './hospital.ts';
import type { Tell, WeekRule } from './rule.ts';

const forbidden: readonly { what: string; found: RegExp }[] = [
  { what: 'a name', found: RegExp(surname) },
  { what: 'a record number', found: /\bpt-\d+/ },
  { what: 'a pressure', found: /\b\d{2,3} ?\/ ?\d{2,3}\b|mmHg|\b(?:systolic|diastolic)\b/i },
];

/** `suspensions`: of subscriptions that got more than ten mails a second. */
export function mailRules(tell: Tell, suspensions: () => number): WeekRule {
  let told = 0;
  return {
    onMail({ subject, text, to }) {
      const read = `${subject}\n${text.replace(/https?:\S+/g, '')}`;
      for (const { what, found } of forbidden)
        if (found.test(read)) tell('other', `no mail carries ${what}`, null, `"${subject}" to ${to}`);
      if (suspensions() > told)
        tell('other', 'nobody gets more than ten mails a second', null, `${suspensions()} suspended`);
      told = suspensions();
    },
  };
}
