import { describeTraceTable } from './trace-tables';

describeTraceTable('coffee.spans', 'span', 'name');
