import { describeTraceTable } from './trace-tables';

describeTraceTable('coffee.scores', 'score', 'comment');
