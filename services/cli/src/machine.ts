import { Command } from 'commander';
import { calledAs } from './called-as';
import { registerCollect } from './commands/collect/collect';
import { registerExport } from './commands/collect/export';
import { registerInit } from './commands/machine/init';
import { registerService } from './commands/service/service';
import { registerSpool } from './commands/spool/spool';
import { registerLog } from './commands/timer/log';
import { registerTimer } from './commands/timer/timer';
import { createContext, type Context } from './context';
import { runProgram } from './run-program';
import { VERSION } from './version';

// What a machine does for itself, without a database: a small bundle, because these commands run often.
const context = createContext(process, calledAs(process.argv));
const program = new Command('coffee-roadmap')
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });
const nouns: Record<string, (program: Command, context: Context) => void> = {
  init: registerInit,
  collect: registerCollect,
  export: registerExport,
  spool: registerSpool,
  service: registerService,
  timer: registerTimer, // start, pause, resume and stop
  log: registerLog,
};
const asked = process.argv[2] ?? '';
const wanted = Object.hasOwn(nouns, asked) ? [nouns[asked]!] : Object.values(nouns);
for (const register of wanted) register(program, context);

void runProgram(program, context, process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
