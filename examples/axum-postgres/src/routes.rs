//! The service's routes: courses, and a health check that knows about migrations.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::MIGRATIONS;

pub fn router(pool: PgPool) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/courses", get(list).post(create))
        .with_state(pool)
}

/// 200 while the schema is the one this program was built for, or newer; 503 otherwise.
async fn health(State(pool): State<PgPool>) -> (StatusCode, Json<Value>) {
    match MIGRATIONS.status(&pool).await {
        Ok(status) => {
            let code = match status.is_up_to_date() {
                true => StatusCode::OK,
                false => StatusCode::SERVICE_UNAVAILABLE,
            };
            let body = json!({
                "up_to_date": status.is_up_to_date(),
                "applied": status.applied(),
                "pending": status.pending().collect::<Vec<_>>(),
                "ahead": status.ahead().collect::<Vec<_>>(),
            });
            (code, Json(body))
        }
        Err(error) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "error": error.to_string() })))
        }
    }
}

#[derive(Serialize, sqlx::FromRow)]
struct Course {
    id: i64,
    title: String,
}

#[derive(Deserialize)]
struct NewCourse {
    title: String,
}

async fn list(State(pool): State<PgPool>) -> Result<Json<Vec<Course>>, StatusCode> {
    sqlx::query_as("SELECT id, title FROM courses ORDER BY lower(title), id")
        .fetch_all(&pool)
        .await
        .map(Json)
        .map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)
}

async fn create(
    State(pool): State<PgPool>,
    Json(new): Json<NewCourse>,
) -> Result<(StatusCode, Json<Course>), StatusCode> {
    sqlx::query_as("INSERT INTO courses (title) VALUES ($1) RETURNING id, title")
        .bind(new.title)
        .fetch_one(&pool)
        .await
        .map(|course| (StatusCode::CREATED, Json(course)))
        .map_err(|error| match error.as_database_error().is_some_and(|e| e.is_check_violation()) {
            true => StatusCode::UNPROCESSABLE_ENTITY,
            false => StatusCode::INTERNAL_SERVER_ERROR,
        })
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;

    /// For sqlx's test databases: the same files, as sqlx's own type.
    static SQLX: LazyLock<sqlx::migrate::Migrator> =
        LazyLock::new(|| MIGRATIONS.sqlx_migrator().expect("sqlx can carry each of them"));

    #[sqlx::test(migrator = "SQLX")]
    async fn a_course_is_listed_after_it_was_made(pool: PgPool) {
        let new = NewCourse { title: "Compilers".to_owned() };
        let (code, _) = create(State(pool.clone()), Json(new)).await.unwrap();
        assert_eq!(code, StatusCode::CREATED);

        let Json(courses) = list(State(pool)).await.unwrap();
        assert_eq!(courses.iter().map(|c| c.title.as_str()).collect::<Vec<_>>(), ["Compilers"]);
    }

    #[sqlx::test(migrator = "SQLX")]
    async fn a_course_without_a_title_is_refused(pool: PgPool) {
        let new = NewCourse { title: String::new() };
        let refused = create(State(pool), Json(new)).await.map(|_| ()).unwrap_err();
        assert_eq!(refused, StatusCode::UNPROCESSABLE_ENTITY);
    }

    #[sqlx::test(migrations = false)]
    async fn health_says_what_is_pending(pool: PgPool) {
        let (code, Json(body)) = health(State(pool.clone())).await;
        assert_eq!(code, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(body["pending"].as_array().map(Vec::len), Some(MIGRATIONS.migrations().len()));

        MIGRATIONS.deploy(&pool, &xtask_db::DeployOptions::new("tests")).await.unwrap();
        let (code, Json(body)) = health(State(pool)).await;
        assert_eq!((code, &body["up_to_date"]), (StatusCode::OK, &Value::Bool(true)));
    }
}
