-- Nothing takes its numbers from a counter any more.
DROP TABLE counter;
