import { Command } from 'commander';
import { calledAs } from './called-as';
import { registerCollect } from './commands/collect/collect';
import { registerExport } from './commands/collect/export';
import { registerInit } from './commands/machine/init';
import { registerService } from './commands/service/service';
import { registerSpool } from './commands/spool/spool';
import { registerLog } from './commands/timer/log';
import { registerTimer } from './commands/timer/timer';
import { createContext } from './context';
import { runProgram } from './run-program';
import { VERSION } from './version';

// What a machine does for itself, without a database: a small bundle, because these commands run often.
const context = createContext(process, calledAs(process.argv));
const program = new Command('coffee-roadmap')
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });
registerInit(program, context);
registerCollect(program, context);
registerExport(program, context);
registerSpool(program, context);
registerService(program, context);
registerTimer(program, context);
registerLog(program, context);

void runProgram(program, context, process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
