import { describeTraceTable } from './trace-tables';

describeTraceTable('coffee.traces', 'trace', 'name');
