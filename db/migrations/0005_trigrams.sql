-- For the indexes of closed partitions, by which any part of a message is found.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
