-- Names of more than 63 bytes are cut, the longer part first; never inside a character.
CREATE TABLE a_table_with_a_name_that_is_about_as_long_as_a_name_may_be_at_all (
    a_column_with_a_name_that_is_also_about_as_long_as_a_name_can_be integer PRIMARY KEY,
    short integer UNIQUE CHECK (short > 0),
    another_column_with_a_name_that_is_quite_long_too text UNIQUE
);
CREATE TABLE a_name_longer_than_the_server_keeps_which_is_sixty_three_bytes_here (
    id serial PRIMARY KEY,
    a_second_name_longer_than_the_server_keeps_which_is_sixty_three_bytes integer
);
CREATE TABLE "größenänderungsübersicht_für_außergewöhnliche_ähnlichkeiten" (
    "schlüsselübertragungsgröße_überprüfungsähnlich" integer UNIQUE,
    "ö" integer CHECK ("ö" > 0)
);
CREATE INDEX ON a_table_with_a_name_that_is_about_as_long_as_a_name_may_be_at_all
    (short, another_column_with_a_name_that_is_quite_long_too);
CREATE INDEX ON a_table_with_a_name_that_is_about_as_long_as_a_name_may_be_at_all
    (short, another_column_with_a_name_that_is_quite_long_too);
CREATE TABLE t (
    first_column_of_a_long_key integer, second_column_of_a_long_key integer, third_column_of_a_long_key integer,
    UNIQUE (first_column_of_a_long_key, second_column_of_a_long_key, third_column_of_a_long_key)
);
CREATE INDEX an_index_with_a_name_that_is_longer_than_sixty_three_bytes_and_is_cut ON t (first_column_of_a_long_key);
ALTER TABLE t ADD CONSTRAINT a_constraint_with_a_name_that_is_longer_than_sixty_three_bytes_too CHECK (first_column_of_a_long_key > 0);
