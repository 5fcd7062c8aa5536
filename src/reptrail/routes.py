"""EVERY route on one page: method, path, handler, who may, and the scope it needs."""

from reptrail.body import api as body
from reptrail.catalog import api as catalog
from reptrail.coaching import api as coaching
from reptrail.enrollments import api as enrollments
from reptrail.erasure import api as erasure
from reptrail.export import api as export
from reptrail.goals import api as goals
from reptrail.http.edge import Route, Who
from reptrail.identity import api as identity
from reptrail.ledger import api as ledger
from reptrail.measurements import api as measurements
from reptrail.prescriptions import api as prescriptions
from reptrail.programs import api as programs
from reptrail.progress import api as progress
from reptrail.schedule import api as schedule
from reptrail.sync import api as sync
from reptrail.training import api as training
from reptrail.transfer import api as transfer
from reptrail.transfer.wire import ImportForm

V1 = "/api/v1"
ATHLETE = f"{V1}/athletes/{{athlete}}"
SESSION = f"{ATHLETE}/sessions/{{session_id}}"
MEASUREMENT = f"{ATHLETE}/measurements/{{measurement_id}}"
GOAL = f"{ATHLETE}/goals/{{goal_id}}"
ENROLLMENT = f"{ATHLETE}/enrollments/{{enrollment_id}}"

ROUTES: tuple[Route, ...] = (
    # Identity
    Route("POST", f"{V1}/auth/register", identity.register, Who.ANYONE),
    Route("POST", f"{V1}/auth/login", identity.log_in, Who.ANYONE),
    Route("POST", f"{V1}/auth/refresh", identity.refresh, Who.ANYONE),
    Route("POST", f"{V1}/auth/logout", identity.log_out, Who.USER, "self"),
    Route("POST", f"{V1}/auth/renew", identity.renew, Who.USER, "self"),
    Route("GET", f"{V1}/me", identity.read_me, Who.USER, "account:read"),
    Route("PATCH", f"{V1}/me", identity.change_me, Who.USER, "self"),
    Route("GET", f"{V1}/me/tokens", identity.list_tokens, Who.USER, "self"),
    Route("POST", f"{V1}/me/tokens", identity.make_token, Who.USER, "self"),
    Route("DELETE", f"{V1}/me/tokens/{{token_id}}", identity.revoke_token, Who.USER, "self"),
    Route("GET", f"{V1}/me/logins", identity.list_logins, Who.USER, "self"),
    Route("DELETE", f"{V1}/me/logins/{{login_id}}", identity.end_login, Who.USER, "self"),
    # Training
    Route("GET", f"{ATHLETE}/sessions", training.list_sessions, Who.ATHLETE, "training:read"),
    Route("POST", f"{ATHLETE}/sessions", training.create_session, Who.ATHLETE, "training:write"),
    Route("GET", SESSION, training.get_session, Who.ATHLETE, "training:read"),
    Route("PATCH", SESSION, training.patch_session, Who.ATHLETE, "training:write"),
    Route("DELETE", SESSION, training.delete_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/start", training.start_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/complete", training.complete_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/skip", training.skip_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/cancel", training.cancel_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/reopen", training.reopen_session, Who.ATHLETE, "training:write"),
    Route("POST", f"{SESSION}/exercises", training.add_exercises, Who.ATHLETE, "training:write"),
    Route("DELETE", f"{SESSION}/exercises/{{instruction_id}}", training.remove_exercise, Who.ATHLETE, "training:write"),
    Route("PUT", f"{SESSION}/performances/{{exercise_instruction_id}}", training.put_performance, Who.ATHLETE, "training:write"),
    Route(
        "PATCH", f"{SESSION}/performances/{{exercise_instruction_id}}", training.patch_performance, Who.ATHLETE, "training:write"
    ),
    Route("POST", f"{SESSION}/sets", training.log_sets, Who.ATHLETE, "training:write"),
    Route("PATCH", f"{SESSION}/sets/{{set_id}}", training.patch_set, Who.ATHLETE, "training:write"),
    Route("DELETE", f"{SESSION}/sets/{{set_id}}", training.delete_set, Who.ATHLETE, "training:write"),
    # The calendar and its feeds
    Route("GET", f"{ATHLETE}/calendar", schedule.read_calendar, Who.ATHLETE, "training:read"),
    Route("GET", f"{V1}/me/calendar-feeds", schedule.list_feeds, Who.USER, "self"),
    Route("POST", f"{V1}/me/calendar-feeds", schedule.make_feed, Who.USER, "self"),
    Route("DELETE", f"{V1}/me/calendar-feeds/{{feed_id}}", schedule.revoke_feed, Who.USER, "self"),
    Route("GET", f"{V1}/calendar/{{file_name}}", schedule.read_feed, Who.ANYONE),
    # Catalogue
    Route("GET", f"{V1}/exercises", catalog.list_exercises, Who.USER, "training:read"),
    Route("POST", f"{V1}/exercises", catalog.create_exercise, Who.USER, "training:write"),
    Route("GET", f"{V1}/exercises/{{exercise_id}}", catalog.get_exercise, Who.USER, "training:read"),
    Route("PATCH", f"{V1}/exercises/{{exercise_id}}", catalog.patch_exercise, Who.USER, "training:write"),
    Route("DELETE", f"{V1}/exercises/{{exercise_id}}", catalog.delete_exercise, Who.USER, "training:write"),
    Route("GET", f"{V1}/metrics", catalog.list_metrics, Who.USER, "measurements:read"),
    Route("POST", f"{V1}/metrics", catalog.create_metric, Who.USER, "measurements:write"),
    Route("GET", f"{V1}/metrics/{{metric_id}}", catalog.get_metric, Who.USER, "measurements:read"),
    Route("PATCH", f"{V1}/metrics/{{metric_id}}", catalog.patch_metric, Who.USER, "measurements:write"),
    Route("DELETE", f"{V1}/metrics/{{metric_id}}", catalog.delete_metric, Who.USER, "measurements:write"),
    Route("GET", f"{V1}/workouts", catalog.list_workouts, Who.USER, "training:read"),
    Route("POST", f"{V1}/workouts", catalog.create_workout, Who.USER, "training:write"),
    Route("GET", f"{V1}/workouts/{{workout_id}}", catalog.get_workout, Who.USER, "training:read"),
    Route("PUT", f"{V1}/workouts/{{workout_id}}", catalog.put_workout, Who.USER, "training:write"),
    Route("DELETE", f"{V1}/workouts/{{workout_id}}", catalog.delete_workout, Who.USER, "training:write"),
    # Programs
    Route("GET", f"{V1}/programs", programs.list_programs, Who.USER, "training:read"),
    Route("POST", f"{V1}/programs", programs.create_program, Who.USER, "training:write"),
    Route("POST", f"{V1}/programs/import", programs.import_program, Who.USER, "training:write"),
    Route("GET", f"{V1}/programs/{{program_id}}/file", programs.get_program_file, Who.USER, "training:read"),
    Route("GET", f"{V1}/programs/{{program_id}}", programs.get_program, Who.USER, "training:read"),
    Route("PUT", f"{V1}/programs/{{program_id}}", programs.put_program, Who.USER, "training:write"),
    Route("DELETE", f"{V1}/programs/{{program_id}}", programs.delete_program, Who.USER, "training:write"),
    Route("POST", f"{V1}/programs/{{program_id}}/copy", programs.copy_program, Who.USER, "training:write"),
    Route("GET", f"{V1}/programs/{{program_id}}/difference", programs.compare_programs, Who.USER, "training:read"),
    Route("GET", f"{ATHLETE}/programs", programs.list_own_programs, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/programs/{{program_id}}", programs.get_athletes_program, Who.ATHLETE, "training:read"),
    Route("PUT", f"{ATHLETE}/programs/{{program_id}}", programs.put_athletes_program, Who.ATHLETE, "program:assign"),
    # Enrollments
    Route("GET", f"{ATHLETE}/enrollments", enrollments.list_enrollments, Who.ATHLETE, "training:read"),
    Route("POST", f"{ATHLETE}/enrollments", enrollments.create_enrollment, Who.ATHLETE, "program:assign"),
    Route("GET", ENROLLMENT, enrollments.get_enrollment, Who.ATHLETE, "training:read"),
    Route("PATCH", ENROLLMENT, enrollments.patch_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/pause", enrollments.pause_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/resume", enrollments.resume_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/cancel", enrollments.cancel_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/complete", enrollments.complete_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/restart", enrollments.restart_enrollment, Who.ATHLETE, "program:assign"),
    Route("POST", f"{ENROLLMENT}/extend", enrollments.extend_enrollment, Who.ATHLETE, "program:assign"),
    Route("GET", f"{ENROLLMENT}/upgrade", enrollments.show_upgrade, Who.ATHLETE, "training:read"),
    # A coach may publish another revision; only the athlete accepts it.
    Route("POST", f"{ENROLLMENT}/upgrade", enrollments.accept_upgrade, Who.ATHLETE, "self"),
    Route("POST", f"{SESSION}/reschedule", enrollments.reschedule_session, Who.ATHLETE, "program:assign"),
    # Prescriptions
    Route("GET", f"{SESSION}/prescriptions", prescriptions.get_session_prescriptions, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/equipment", prescriptions.get_equipment, Who.ATHLETE, "training:read"),
    Route("PUT", f"{ATHLETE}/equipment", prescriptions.put_equipment, Who.ATHLETE, "training:write"),
    Route("GET", f"{ATHLETE}/training-maxes", prescriptions.list_training_maxes, Who.ATHLETE, "training:read"),
    Route("PUT", f"{ATHLETE}/training-maxes/{{exercise_id}}", prescriptions.put_training_max, Who.ATHLETE, "training:write"),
    Route("GET", f"{ATHLETE}/progress/backtest", prescriptions.get_backtest, Who.ATHLETE, "training:read"),
    # Measurements
    Route("GET", f"{ATHLETE}/measurements", measurements.list_measurements, Who.ATHLETE, "measurements:read"),
    Route("POST", f"{ATHLETE}/measurements", measurements.create_measurements, Who.ATHLETE, "measurements:write"),
    Route("GET", MEASUREMENT, measurements.get_measurement, Who.ATHLETE, "measurements:read"),
    Route("PATCH", MEASUREMENT, measurements.patch_measurement, Who.ATHLETE, "measurements:write"),
    Route("DELETE", MEASUREMENT, measurements.delete_measurement, Who.ATHLETE, "measurements:write"),
    # Goals and forecasts: the scope follows from what a goal is of (goals/api.py)
    Route("GET", f"{ATHLETE}/goals", goals.list_goals, Who.ATHLETE),
    Route("POST", f"{ATHLETE}/goals", goals.create_goal, Who.ATHLETE),
    Route("GET", GOAL, goals.get_goal, Who.ATHLETE),
    Route("PATCH", GOAL, goals.patch_goal, Who.ATHLETE),
    Route("DELETE", GOAL, goals.delete_goal, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/progress/measurements/{{metric}}", body.get_series, Who.ATHLETE, "measurements:read"),
    Route("GET", f"{ATHLETE}/progress/body", body.get_body, Who.ATHLETE, "measurements:read"),
    Route("GET", f"{ATHLETE}/progress/forecast", goals.get_forecast, Who.ATHLETE),
    # Progress: the numbers of training
    Route("GET", f"{ATHLETE}/progress/summary", progress.get_summary, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/exercises/{{exercise_id}}", progress.get_exercise, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/records", progress.get_records, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/volume", progress.get_volume, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/load", progress.get_load, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/adherence", progress.get_adherence, Who.ATHLETE, "training:read"),
    Route("GET", f"{ATHLETE}/progress/calendar", progress.get_calendar, Who.ATHLETE, "training:read"),
    # Coaching: invitations and consents by those they are between, and what a coach sees of all at once
    Route("GET", f"{V1}/consents", coaching.list_consents, Who.USER),
    Route("GET", f"{V1}/consents/current", coaching.read_consent, Who.USER),
    Route("GET", f"{V1}/invitations", coaching.list_invitations, Who.USER, "self"),
    Route("POST", f"{V1}/invitations", coaching.create_invitation, Who.USER, "self"),
    Route("GET", f"{V1}/me/invitations", coaching.list_received_invitations, Who.USER, "self"),
    Route("GET", f"{V1}/invitations/{{code}}", coaching.read_invitation, Who.USER, "self"),
    Route("POST", f"{V1}/invitations/{{code}}/accept", coaching.accept_invitation, Who.USER, "self"),
    Route("DELETE", f"{V1}/invitations/{{code}}", coaching.revoke_invitation, Who.USER, "self"),
    Route("GET", f"{ATHLETE}/grants", coaching.list_grants, Who.ATHLETE, "self"),
    Route("POST", f"{ATHLETE}/grants", coaching.create_grant, Who.ATHLETE, "self"),
    Route("PATCH", f"{ATHLETE}/grants/{{grant_id}}", coaching.patch_grant, Who.ATHLETE, "self"),
    Route("DELETE", f"{ATHLETE}/grants/{{grant_id}}", coaching.revoke_grant, Who.ATHLETE, "self"),
    Route("GET", f"{ATHLETE}/accesses", coaching.list_accesses, Who.ATHLETE, "self"),
    Route("GET", f"{V1}/coach/athletes", coaching.list_athletes, Who.USER, "training:read"),
    Route("DELETE", f"{V1}/coach/athletes/{{athlete_id}}", coaching.leave_athlete, Who.USER, "self"),
    # Comments: whoever may read a session may speak about it
    Route("GET", f"{SESSION}/comments", coaching.list_comments, Who.ATHLETE, "training:read"),
    Route("POST", f"{SESSION}/comments", coaching.create_comment, Who.ATHLETE, "training:read"),
    Route("PATCH", f"{SESSION}/comments/{{comment_id}}", coaching.patch_comment, Who.ATHLETE, "training:read"),
    Route("DELETE", f"{SESSION}/comments/{{comment_id}}", coaching.delete_comment, Who.ATHLETE, "training:read"),
    # Imports: the athlete alone, since a file may hold anything of theirs
    Route("POST", f"{ATHLETE}/imports", transfer.create_import, Who.ATHLETE, "self", form=ImportForm),
    Route("GET", f"{ATHLETE}/imports", transfer.list_imports, Who.ATHLETE, "self"),
    Route("GET", f"{ATHLETE}/imports/{{import_id}}", transfer.get_import, Who.ATHLETE, "self"),
    Route("DELETE", f"{ATHLETE}/imports/{{import_id}}", transfer.undo_import, Who.ATHLETE, "self"),
    # All there is of an athlete, to take along or to be gone
    Route("GET", f"{ATHLETE}/export", export.export_athlete, Who.ATHLETE, "self", snapshot=True),
    Route("DELETE", ATHLETE, erasure.erase_athlete, Who.ATHLETE, "self"),
    # Sync: each row and each operation is held to its own scope
    Route("GET", f"{ATHLETE}/sync", sync.pull, Who.ATHLETE),
    Route("POST", f"{ATHLETE}/sync", sync.push, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/sync/catalog", sync.catalog, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/sync/first", sync.first, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/live", sync.live, Who.ATHLETE),
    # The ledger
    Route("GET", f"{ATHLETE}/changes", ledger.list_changes, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/history/{{table}}/{{row_id}}", ledger.row_history, Who.ATHLETE),
    Route("GET", f"{ATHLETE}/deleted-sessions", ledger.list_deleted_sessions, Who.ATHLETE, "self"),
    Route("POST", f"{ATHLETE}/restore", ledger.restore, Who.ATHLETE, "self"),
)
