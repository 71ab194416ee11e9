-- Numbers of the index feed follow its last row; the counter beside it is not used any more.
DELETE FROM counter WHERE name = 'feed';
