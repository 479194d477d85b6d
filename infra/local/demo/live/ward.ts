/**
 * The patients of the demo who can turn critical. Their devices are on standby for the simulator, so that nothing
 * contradicts a critical reading; they are measured here instead, all night: critical until somebody has taken it, then
 * well again, and the recheck finds it.
 */
import type { Alert } from '../../../../handlers/alert/alert.ts';
import type { Hospital } from '../../../../handlers/on-call/roster.ts';
import { type LocalAccount, operator } from '../../account/account.ts';
import { minuteMs } from '../../engine/clock.ts';

/** In turn: a high one, an obstetric one, a low one, an emergency. */
const turns = [
  { deviceId: 'bp-001', systolic: 190, diastolic: 118 },
  { deviceId: 'bp-005', systolic: 168, diastolic: 112 },
  { deviceId: 'bp-003', systolic: 84, diastolic: 51 },
  { deviceId: 'bp-007', systolic: 226, diastolic: 131 },
];
const well = { systolic: 126, diastolic: 78 };
/** From one reading to the next it moves by up to as much: breathing, turning over. */
const restlessMmHg = 5;

/** As a cuff on automatic: each minute would be a pain. */
const intervalMs = 5 * minuteMs;
/** Who has come measures again: twice within the 5 minutes after which an emergency is rechecked. */
const attendedMinutes = [2, 4];

/** The hospital with these devices on standby for the simulator. */
export function withoutSimulated(hospital: Hospital, worn: readonly { id: string }[]): Hospital {
  const ids = new Set(worn.map(({ id }) => id));
  const devices = hospital.devices.map((device) =>
    ids.has(device.id) ? { ...device, standby: true } : device,
  );
  return { ...hospital, devices };
}

export function demoHospital(hospital: Hospital): Hospital {
  return withoutSimulated(
    hospital,
    turns.map(({ deviceId }) => ({ id: deviceId })),
  );
}

export type DemoWard = {
  /** The next patient in turn becomes critical, and is measured at once. */
  sendCritical(): Promise<void>;
  /** Somebody has come to the patient of the alert. */
  recover(alert: Alert): void;
};

export function demoWard(account: LocalAccount, hospital: Hospital): DemoWard {
  const { clock } = account;
  const random = account.random('ward');
  const patients = turns.flatMap((turn) => {
    const device = hospital.devices.find(({ id }) => id === turn.deviceId);
    return device ? [{ ...turn, patientId: device.patientId, isCritical: false }] : [];
  });
  let turned = 0;

  async function measure(patient: (typeof patients)[number]): Promise<void> {
    const { deviceId, patientId, isCritical } = patient;
    const { systolic, diastolic } = isCritical ? patient : well;
    const reading = {
      deviceId,
      patientId,
      measuredAt: new Date(clock.now()).toISOString(),
      systolic: systolic + random.below(restlessMmHg),
      diastolic: diastolic + random.below(restlessMmHg),
    };
    await account.call(operator, 'kinesis', 'PutRecord', {
      StreamName: account.outputs.StreamName,
      PartitionKey: deviceId,
      Data: Buffer.from(JSON.stringify(reading)),
    });
  }

  function measureFromNowOn(patient: (typeof patients)[number]): void {
    clock.after(intervalMs, () => {
      void measure(patient);
      measureFromNowOn(patient);
    });
  }

  for (const [index, patient] of patients.entries())
    clock.after(index * minuteMs, () => measureFromNowOn(patient));

  return {
    async sendCritical() {
      const patient = patients[turned++ % patients.length];
      if (!patient) return;
      patient.isCritical = true;
      await measure(patient);
    },
    recover(alert) {
      const patient = patients.find(({ patientId }) => patientId === alert.patientId);
      if (!patient?.isCritical) return;
      patient.isCritical = false;
      for (const minutes of attendedMinutes) clock.after(minutes * minuteMs, () => void measure(patient));
    },
  };
}
