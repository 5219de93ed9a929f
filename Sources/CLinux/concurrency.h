// Where Swift's runtime asks which thread is to run a job that belongs to no executor of its own. Declared by the runtime
// (ConcurrencyHooks.h) with Swift's calling convention, which for two pointers is C's on x86-64 and arm64.
#pragma once

typedef void (*zoo_enqueue_job)(void *job, void *runtimes_own_way);
extern zoo_enqueue_job swift_task_enqueueGlobal_hook;
static inline void zoo_enqueue_jobs_with(zoo_enqueue_job function) { swift_task_enqueueGlobal_hook = function; }
