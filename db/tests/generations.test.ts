import { describeTraceTable } from './trace-tables';

describeTraceTable('coffee.generations', 'generation', 'name');
