/** nginx with a channel for each user: its defaults, but for what would end connections early or write logs. */
export function nchanConfig(options: { module: string; port: number; folder: string; connections: number }): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `load_module ${options.module};
daemon off;
pid ${options.folder}/nginx.pid;
error_log stderr error;
worker_processes auto;
worker_rlimit_nofile ${options.connections + 500};
events {
  # One worker may get them all.
  worker_connections ${options.connections + 500};
}
http {
  ${temporary.map((name) => `${name}_temp_path ${options.folder}/${name};`).join(' ')}
  access_log off;
  keepalive_requests 1000000000;
  # As much as the messages that it keeps may take; by default 128 MB.
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:${options.port};
    location ~ ^/events/(.+)$ {
      nchan_subscriber eventsource;
      nchan_channel_id $1;
    }
    location ~ ^/publish/(.+)$ {
      nchan_publisher;
      nchan_channel_id $1;
    }
  }
}
`
}
