SELECT 1
.5;
.read other.sql
