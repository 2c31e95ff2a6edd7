import { calledAs } from './called-as';
import { createContext } from './context';
import { createProgram } from './program';
import { runProgram } from './run-program';

const context = createContext(process, calledAs(process.argv));

void runProgram(createProgram(context), context, process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
