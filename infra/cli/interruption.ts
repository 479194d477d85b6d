/** What Ctrl-C, SIGTERM and a closed terminal do to a command. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

const endAtOnce = (code: number) => void process.exit(code);

/** From now on a signal calls `end`, and a second one ends the process at once; either way its exit listeners tidy up. */
export function onInterruption(end: (code: number) => void = endAtOnce): void {
  for (const [signal, code] of Object.entries(exitCodes)) {
    process.removeAllListeners(signal);
    process.once(signal, () => {
      process.once(signal, () => endAtOnce(code));
      end(code);
    });
  }
}
