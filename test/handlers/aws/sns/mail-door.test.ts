/** The door that every mail goes through: turns that are slow to take, or cannot be taken, let nobody through unpaced. */
import { PublishCommand } from '@aws-sdk/client-sns';
import { afterEach, beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { snsClient } from '../../../../handlers/aws/clients.ts';
import { handOver, type Outgoing } from '../../../../handlers/aws/sns/mail-door.ts';
import { isTimeToComeBack } from '../../../../handlers/mail/pace.ts';
import { logger } from '../../../../handlers/runtime/logger.ts';
import { silence } from '../../../local-aws.ts';
import { AlertingAws } from '../../alert/alerting-aws.ts';
import { at, nurse } from '../../alert/builders.ts';
import { restore, settle, topicOf } from '../../alert/function-settings.ts';

let aws: AlertingAws;
beforeEach(() => {
  aws = new AlertingAws();
  settle(aws, at(5));
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: Date.parse(at(5)) });
  vi.spyOn(logger, 'warn').mockReturnValue();
  aws.after = (call) => {
    if (call.startsWith('Publish')) publishedAt = Date.now();
    return undefined;
  };
});
afterEach(restore);

async function hand(changes: Partial<Outgoing> = {}, seconds = 30) {
  const handed = handOver(aws.tableName, {
    topicArn: topicOf(nurse.id),
    addresses: ['nurse-1@example.org'],
    mail: { subject: 'A subject', message: 'A message' },
    lane: 'routine',
    latest: at(65),
    ...changes,
  });
  handed.catch(() => {});
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  return handed;
}
let publishedAt = 0;
const operations = () => aws.calls.map((call) => call.split(' ')[0]);
const turnsFail = (times: number) => {
  let left = times;
  aws.before = (call) => (call.startsWith('Update TURN#') && left-- > 0 ? silence() : undefined);
};
const secondsFromNow = (instant: string) => (Date.parse(instant) - Date.parse(at(5))) / 1000;

describe('a turn that cannot be taken', () => {
  test('is no leave to publish: come back in some seconds, not all at once', async () => {
    turnsFail(Number.POSITIVE_INFINITY);
    const times: number[] = [];
    for (let mail = 0; mail < 30; mail++) {
      vi.setSystemTime(Date.parse(at(5)));
      const handed = await hand({}, 0);
      if (handed.published) throw new Error('published');
      expect(isTimeToComeBack(handed.turnAt)).toBe(true);
      times.push(secondsFromNow(handed.turnAt));
    }
    expect(Math.min(...times)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...times)).toBeLessThanOrEqual(10);
    expect(new Set(times).size).toBeGreaterThan(25);
    expect(aws.mails).toEqual([]);
  });

  test('who has come back takes one, though the time to come back has come', async () => {
    aws.inLine(topicOf(nurse.id), Date.parse(at(7)));
    expect(await hand({ turnAt: at(5).replace('Z', '+00:00') })).toMatchObject({ published: true });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(at(7)));
    expect(operations()).toEqual(['Update', 'ListSubscriptionsByTopic', 'Publish']);
  });

  test('who has come back in vain goes without, and so does whoever has no time left', async () => {
    turnsFail(Number.POSITIVE_INFINITY);
    expect(await hand({ turnAt: at(5).replace('Z', '+00:00') }, 1)).toMatchObject({ published: true });
    vi.setSystemTime(Date.parse(at(5)));
    expect(await hand({ latest: at(5) }, 1)).toMatchObject({ published: true });
    expect(aws.mails).toHaveLength(2);
  });

  test('whoever is woken ahead of that time waits for it before the second attempt', async () => {
    turnsFail(Number.POSITIVE_INFINITY);
    expect(await hand({ turnAt: at(7).replace('Z', '+00:00') })).toMatchObject({ published: true });
    expect(publishedAt).toBeGreaterThanOrEqual(Date.parse(at(7)));
  });

  test('a mail that waits here comes back here', async () => {
    turnsFail(1);
    expect(await hand({ waits: true })).toMatchObject({ published: true });
    expect(operations()).toEqual([
      ...['Update', 'ListSubscriptionsByTopic'],
      ...['Update', 'Update', 'Publish'],
    ]);
  });
});

describe('a mail that gives way', () => {
  test('goes out at once where nobody waits', async () => {
    expect(await hand({ givesWay: true })).toMatchObject({ published: true });
  });

  test('takes no turn where others wait, or where the table does not answer: it comes back', async () => {
    aws.inLine(topicOf(nurse.id), Date.now() + 100);
    const before = aws.items.get('TURN#vigil-clinician-nurse-1');
    expect(await hand({ givesWay: true, latest: at(5) }, 0)).toMatchObject({ published: false });
    expect(aws.items.get('TURN#vigil-clinician-nurse-1')).toEqual(before);
    turnsFail(Number.POSITIVE_INFINITY);
    expect(await hand({ givesWay: true, latest: at(5) }, 0)).toMatchObject({ published: false });
    expect(aws.mails).toEqual([]);
  });
});

describe('a turn that has gone by', () => {
  test('is taken anew when it is come back for too late', async () => {
    aws.inLine(topicOf(nurse.id), Date.parse(at(20)));
    expect(await hand({ turnAt: at(4) }, 0)).toEqual({ published: false, turnAt: at(20) });
    expect(await hand({ turnAt: at(5) }, 1)).toMatchObject({ published: true });
  });

  test('is taken anew while SNS is slow to say who has confirmed', async () => {
    const answer = aws.answer.bind(aws);
    aws.answer = async (command, send) => {
      if (command.constructor.name === 'ListSubscriptionsByTopicCommand')
        await new Promise((resolve) => setTimeout(resolve, 900));
      return answer(command, send);
    };
    expect(await hand()).toMatchObject({ published: true });
    expect(operations()).toEqual([
      ...['Update', 'Update', 'ListSubscriptionsByTopic'],
      ...['Update', 'Update', 'Publish'],
    ]);
  });

  test('is taken anew once when the table was slow to give it, and then come back for', async () => {
    let slow = 1;
    const answer = aws.answer.bind(aws);
    aws.answer = async (command, send) => {
      if (command.constructor.name === 'UpdateCommand' && slow-- > 0)
        await new Promise((resolve) => setTimeout(resolve, 300));
      return answer(command, send);
    };
    expect(await hand({}, 1)).toMatchObject({ published: true });
    slow = Number.POSITIVE_INFINITY;
    const handed = await hand({}, 2);
    if (handed.published) throw new Error('published');
    expect(isTimeToComeBack(handed.turnAt)).toBe(true);
  });
});

describe('who has confirmed', () => {
  test('is asked by whoever is about to publish, not by whoever waits', async () => {
    aws.inLine(topicOf(nurse.id), Date.parse(at(20)));
    expect(await hand({}, 0)).toEqual({ published: false, turnAt: at(20) });
    expect(operations()).toEqual(['Update']);
  });

  test('counts for half a minute; who has not is looked for each time', async () => {
    for (let mail = 0; mail < 5; mail++) await hand({}, 5);
    expect(operations().filter((it) => it === 'ListSubscriptionsByTopic')).toHaveLength(1);
    await hand({}, 10);
    await hand({}, 1);
    expect(operations().filter((it) => it === 'ListSubscriptionsByTopic')).toHaveLength(2);
    aws.unsubscribe(topicOf(nurse.id));
    aws.subscribe(topicOf(nurse.id), 'nurse-1@example.org', 'pending');
    await vi.advanceTimersByTimeAsync(31_000);
    const latest = at(600);
    for (let mail = 0; mail < 2; mail++)
      await expect(hand({ latest }, 1)).rejects.toThrow('no confirmed subscription');
    expect(operations().filter((it) => it === 'ListSubscriptionsByTopic')).toHaveLength(4);
    const asked = aws.done.find(({ call }) => call === `Subscribe ${topicOf(nurse.id)}`);
    expect(asked?.input.Endpoint).toBe('nurse-1@example.org');
  });
});

describe('a text that cannot be sent as it is', () => {
  const mail = {
    subject: 'Half \ud842',
    message: 'Half \ud842 of a sign, Süd\nhttps://answers.example/page/abc\n',
  };
  let shortened: MockInstance;
  beforeEach(() => {
    shortened = vi.spyOn(logger, 'error').mockReturnValue();
  });

  test('loses half characters, and nothing else', async () => {
    await hand({ mail }, 1);
    const Message = 'Half  of a sign, Süd\nhttps://answers.example/page/abc\n';
    expect(aws.mails).toMatchObject([{ Subject: 'Half', Message }]);
    expect(shortened).not.toHaveBeenCalled();
  });

  test('would not be written down by the SDK with them', async () => {
    const asItIs = { TopicArn: topicOf(nurse.id), Subject: mail.subject, Message: mail.message };
    await expect(snsClient().send(new PublishCommand(asItIs))).rejects.toThrow(URIError);
    expect(aws.mails).toEqual([]);
  });

  test.each(['URIError', 'InvalidParameterException'])(
    'and is refused by %s: its plain lines go',
    async (name) => {
      const refused = Object.assign(new Error('refused'), { name });
      let refuses = 1;
      aws.before = (call) => (call.startsWith('Publish') && refuses-- > 0 ? refused : undefined);
      await hand({ mail }, 1);
      const Message = 'https://answers.example/page/abc\n';
      expect(aws.mails).toMatchObject([{ Subject: 'Vigil: please open this message', Message }]);
      expect(shortened).toHaveBeenCalledOnce();
    },
  );
});
