/** `npm start`: the demo stage on this machine, with a person in front of it, until Ctrl-C. */
import { once } from 'node:events';
import { DateTime } from 'luxon';
import type { Hospital } from '../../../../handlers/on-call/roster.ts';
import { startVigil } from '../../account/vigil.ts';
import { minuteMs } from '../../engine/clock.ts';
import { wallClock } from '../../engine/determinism.ts';
import { seededHabits } from '../../replay/habits.ts';
import { simulatePeople } from '../../replay/people.ts';
import type { StepFunctionsService } from '../../services/step-functions/service.ts';
import { Conductor } from '../console/conductor.ts';
import { takePort } from '../console/port.ts';
import { serveConsole } from '../console/server.ts';
import { waitingExecutions } from '../console/waiting.ts';
import { watch } from './story.ts';
import { Terminal } from './terminal.ts';
import { demoHospital, demoWard } from './ward.ts';

/** At a virtual minute a second, some 20 seconds after the start. */
const firstCriticalAfterMs = 20 * minuteMs;
/** The first page comes at three, when wards are quiet, and the report is three hours away. */
const startsAt = { hour: 2, minute: 40, second: 0, millisecond: 0 };

const table = 'vigil-demo';

type LiveOptions = {
  port: number;
  /** Simulated clinicians answer the mails. */
  people: boolean;
  /** Calls `end` at Ctrl-C. */
  onInterruption: (end: () => void) => void;
};

/** Runs until Ctrl-C. */
export async function live(real: Hospital, options: LiveOptions): Promise<void> {
  const { people } = options;
  const { server, port } = await takePort(options.port);
  const url = `http://127.0.0.1:${port}`;
  const hospital = demoHospital(real);
  const vigil = await startVigil({
    stage: 'demo',
    hospital,
    seed: wallClock() % 1_000_000,
    startAt: DateTime.fromMillis(wallClock(), { zone: hospital.zone })
      .set(startsAt)
      .toUTC()
      .toISO() as string,
    apiEndpoint: url,
  });
  const ward = demoWard(vigil, hospital);
  const sfn = vigil.service<StepFunctionsService>('sfn');
  const conductor = new Conductor(vigil.clock, () =>
    waitingExecutions(sfn).some(({ forAnswer }) => forAnswer && !people),
  );
  options.onInterruption(() => conductor.stop());
  const terminal = new Terminal(hospital.zone);
  let told = 0;
  watch(vigil, hospital, table, {
    onLine(line) {
      told++;
      terminal.tell(line);
    },
    onAttended: (alert) => ward.recover(alert),
  });
  if (people) simulatePeople(vigil, hospital, seededHabits(vigil.random('people')));
  serveConsole(server, {
    account: vigil,
    hospital,
    table,
    conductor,
    told: () => told,
    sendCritical: () => ward.sendCritical(),
  });
  console.log(`${hospital.name}: ${hospital.devices.length} patients, simulated. Simulated time runs fast until a page waits for your answer.

  Mailbox     ${url}/               each mail has its reader's demo PIN beside it
  Executions  ${url}/executions
  Report      ${url}/latest-report

Ctrl-C stops.
`);
  vigil.clock.after(firstCriticalAfterMs, () => void ward.sendCritical());
  await conductor.run();
  terminal.end();
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
  vigil.stop();
}
