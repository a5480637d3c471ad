-- RedefineTables
PRAGMA defer_foreign_keys=ON;
PRAGMA foreign_keys=OFF;
CREATE TABLE "new_User" ("id" INTEGER NOT NULL PRIMARY KEY);
INSERT INTO "new_User" ("id") SELECT "id" FROM "User";
DROP TABLE "User";
ALTER TABLE "new_User" RENAME TO "User";
CREATE UNIQUE INDEX main."User_id_key" ON "User"("id");
ALTER TABLE "User" RENAME COLUMN a TO b;
PRAGMA foreign_keys('yes');
PRAGMA defer_foreign_keys=OFF;
