/* Memory that runs out when the plan says so: what SQLite asks for. */
#ifndef INTERLOCK_TESTS_MEMORY_H
#define INTERLOCK_TESTS_MEMORY_H

/* Before SQLite is used; what was open is closed. SQLITE_OK, or why not. */
int memory_install(void);

#endif
