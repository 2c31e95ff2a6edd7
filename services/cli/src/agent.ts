import { Command } from 'commander';
import { registerCollect } from './commands/collect/collect';
import { registerExport } from './commands/collect/export';
import { registerInit } from './commands/machine/init';
import { createContext } from './context';
import { runProgram } from './run-program';
import { VERSION } from './version';

// One file that `sync --install` copies to a machine: what is needed there to be asked, nothing else.
const context = createContext(process, 'node agent.js');
const program = new Command('coffee-roadmap')
  .version(VERSION)
  .exitOverride()
  .configureOutput({ writeErr: () => undefined });
registerInit(program, context);
registerCollect(program, context);
registerExport(program, context);

void runProgram(program, context, process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
