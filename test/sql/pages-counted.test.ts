/** In which figure of the night a mail to a clinician is: each in one, but for a reminder. */
import { expect, test } from 'vitest';
import { Purpose } from '../../handlers/alert/event.ts';
import { Archive } from './archive.ts';
import { Night } from './night.ts';

const figureOf: Record<Purpose, 'pages_sent' | 'recheck_pages' | 'neither'> = {
  page: 'pages_sent',
  worse: 'pages_sent',
  moved: 'pages_sent',
  recheck: 'recheck_pages',
  repeat: 'recheck_pages',
  withdrawn: 'recheck_pages',
  handedOver: 'recheck_pages',
  givenBack: 'recheck_pages',
  reminder: 'neither',
};
const archive = new Archive();

test.each(Purpose.options)('a mail with the purpose %s', async (purpose) => {
  const night = new Night();
  night.pages(night.raises(night.arrives(10)), 10.1);
  night.events = night.events.map((row) => (row.type === 'paged' ? { ...row, purpose } : row));
  archive.holds(night);
  const [{ pages_sent, recheck_pages } = {}] = await archive.ask('summary');
  const inFigure = (figure: string) => (figureOf[purpose] === figure ? '1' : '0');
  expect([pages_sent, recheck_pages]).toEqual([inFigure('pages_sent'), inFigure('recheck_pages')]);
});
