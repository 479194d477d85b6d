/** Scenes of drills, for the calls that only theirs make; the others are in every-call.ts. */
import { accept } from './browser.ts';
import { inAWard } from './every-call.ts';
import { holdDrill } from './hold-drill.ts';

/** Its execution is killed, and carried on by another; everyone is called, one accepts, and the others hear that it is over. */
const drillIsHeld = inAWard(async (ward) => {
  await holdDrill(ward, 'ward-001', '--level', 'emergency');
  await ward.seconds(30);
  ward.sfn.stop(ward.executionsOf('drill')[0]?.executionArn ?? '');
  await ward.seconds(150);
  await accept(ward, ward.pagesOf('drill')[0]);
  await ward.seconds(60);
  const [drill] = ward.alertsOf('drill');
  return (
    drill?.standing.is === 'closed' && drill.standing.reason === 'drill' && drill.called.whom.length === 0
  );
});

export const drillCalls: [what: string, happens: ReturnType<typeof inAWard>][] = [
  ['a drill is held', drillIsHeld],
];
